"""The resources of AWS Clean Rooms."""
