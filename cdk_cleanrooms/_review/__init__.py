"""What the members of a collaboration can learn, read from templates. It needs neither the CDK nor
AWS."""
