"""What the constructs cost, in requests to the CDK's Node.js process, in time and in memory."""
