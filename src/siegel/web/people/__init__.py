"""People who may sign in: invitations, roles, leaving; the page behind an invitation's link."""
