"""What has to be done at other authorities: lists of steps that remember and fall due again."""
