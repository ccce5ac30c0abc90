from klarsyn import storage
from klarsyn.testing.storage import memory
from klarsyn.transport.tokens import StoredTokens


def test_second_one_does_not_replace():
    """
    A token is put where its version stands; who comes too late is told, and reads the newer one.
    """
    with memory() as opened:
        vault = StoredTokens(storage.Vault(opened, {"k": bytes(32)}))
        assert None is vault.get("desk")
        assert vault.replace("desk", "first", None)
        stored = vault.get("desk")
        assert stored
        _, version = stored

        assert vault.replace("desk", "second", version)
        assert not vault.replace("desk", "third", version)
        assert ("second",) == (vault.get("desk") or ())[:1]
        assert vault.replace("desk", "anew", None)
        assert ("anew",) == (vault.get("desk") or ())[:1]
