curl --silent 'http://127.0.0.1:8000/search/batch' \
     --header 'Content-Type: application/json' \
     --data '{"searches": [{"q": "may bay", "size": 1}, {"q": "quảng ninh", "sort": "date"}]}'
