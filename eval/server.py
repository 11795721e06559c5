"""Where runs are tracked; all of it is `sayso.server`, since scoring asks a registry too."""

from sayso.server import DEFAULT_URI, TrackingError, check_server, sqlite_folder, tracking_uri

__all__ = ["DEFAULT_URI", "TrackingError", "check_server", "sqlite_folder", "tracking_uri"]
