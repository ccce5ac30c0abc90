"""
Two clients of Evernote that are not ours: evernote-plus, and thriftpy2 with the vendor's own IDL.
"""

from contextlib import ExitStack, closing, contextmanager

import thriftpy2.http
from evernote.edam.error import ttypes as errors
from evernote.edam.notestore import NoteStore
from evernote.edam.notestore import ttypes as notes
from evernote.edam.type import ttypes as types
from evernote.edam.userstore import UserStore
from evernote.edam.userstore import ttypes as users
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.transport.THttpClient import THttpClient

from tests.testing.thrift_referee import vendor

USERS, NOTES = "/edam/user", "/shard/s1/notestore"


class Client:
    """Both services as a client offers them; the token goes before other arguments."""

    def __init__(self, standin, services, modules):
        self.token = standin.secrets["token"]
        self.users, self.notes = services
        self._modules = modules

    def new(self, kind, **fields):
        """Return a struct of the client's own classes."""
        return self.kind(kind)(**fields)

    def kind(self, name):
        """Return the client's own class of that name."""
        return next(getattr(one, name) for one in self._modules if hasattr(one, name))

    def __getattr__(self, method):
        def call(*arguments):
            return getattr(self.notes, method)(self.token, *arguments)

        return call


@contextmanager
def evernote_plus(standin):
    """Apache's Thrift and generated classes; it has no option for a host, only for a whole URL."""
    with ExitStack() as stack:
        services = []
        for service, path in ((UserStore, USERS), (NoteStore, NOTES)):
            transport = stack.enter_context(closing(THttpClient(standin.url + path)))
            transport.open()
            services.append(service.Client(TBinaryProtocol(transport)))
        yield Client(standin, services, (types, notes, users, errors))


@contextmanager
def vendors_idl(standin):
    """thriftpy2 with the classes of the vendor's IDL."""
    user_store, note_store = vendor("UserStore"), vendor("NoteStore")
    with ExitStack() as stack:
        services = [
            stack.enter_context(thriftpy2.http.client_context(service, url=standin.url + path))
            for service, path in ((user_store.UserStore, USERS), (note_store.NoteStore, NOTES))
        ]
        modules = (note_store, user_store, note_store.Types, note_store.Errors)
        yield Client(standin, services, modules)
