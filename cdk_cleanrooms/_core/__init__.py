"""The parts that every resource is made of. None of them knows a resource."""
