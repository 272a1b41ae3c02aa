const address = "http://127.0.0.1:8000";
const query = new URLSearchParams({ q: "gặp gỡ đầu xuân", size: 3, facets: "year" });
fetch(`${address}/search?${query}`)
  .then((response) => response.json())
  .then((results) => {
    for (const hit of results.hits) console.log(hit.id, hit.title);
  });
