import json
from urllib.parse import urlencode
from urllib.request import urlopen

address = "http://127.0.0.1:8000"
query = urlencode({"q": "gặp gỡ đầu xuân", "size": 3, "facets": "year"})
with urlopen(f"{address}/search?{query}") as response:
    results = json.load(response)
for hit in results["hits"]:
    print(hit["id"], hit["title"])
