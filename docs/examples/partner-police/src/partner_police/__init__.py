"""A police organ as a partner of Anzhi. Nothing here comes from the platform: HTTP, OAuth 2.0 and Standard Webhooks are enough."""
