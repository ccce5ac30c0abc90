"""
From a register to a site: pages in every language, the list for machines, written at one stroke.
"""

from klarsyn.publication.output import write
from klarsyn.publication.pages.frame import Edition
from klarsyn.publication.publishing import publish
from klarsyn.publication.site import Site, build

__all__ = ["Edition", "Site", "build", "publish", "write"]
