"""Link previews: what stands behind the first link of a message, fetched by the server."""
