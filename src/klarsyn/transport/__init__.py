"""The only code that talks to the outside: HTTP, Thrift, databases, mail, and files handed in."""
