"""How a person signs in and wants to see pages."""
