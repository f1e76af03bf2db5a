"""The trust centre: roots, decisions about them, and what partners' mail asks."""
