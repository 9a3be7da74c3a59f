"""kesu (客诉): a daemon that keeps a factory's complaints moving by mail, Excel and Word."""
