"""What members of a collaboration can learn, read from templates without the CDK or AWS."""
