"""How the installation is: checks and numbers for administrators, figures for Prometheus."""
