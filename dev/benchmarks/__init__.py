"""Measure the cost of the constructs: requests to the CDK's Node.js process, time and memory."""
