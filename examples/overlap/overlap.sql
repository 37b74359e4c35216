-- How many customers with an email address of a domain are also subscribers
SELECT COUNT(DISTINCT customers.id) AS people
FROM customers
INNER JOIN customers_to_subscribers ON customers.id = customers_to_subscribers.sourceId
INNER JOIN subscribers ON customers_to_subscribers.targetId = subscribers.id
WHERE customers.email LIKE :pattern
