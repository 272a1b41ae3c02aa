curl --silent --get --compressed 'http://127.0.0.1:8000/search' \
     --data-urlencode 'q=gặp gỡ đầu xuân' \
     --data 'size=3' --data 'fields=id,title' --data 'facets=year'
