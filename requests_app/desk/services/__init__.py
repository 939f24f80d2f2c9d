"""Every way in which a request changes. One verb each, one transaction each."""
