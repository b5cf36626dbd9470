package reply

import (
	"net/http"
	"strconv"
)

// Write sends an answer with the header as it is, in its own letter case. A body gets a Content-Length, unless the header
// has one or says that the length is not known. What a client that has gone does not take is lost.
func Write(w http.ResponseWriter, status int, header http.Header, body []byte) {
	out := w.Header()
	for name, values := range header {
		out[name] = values
	}
	if body != nil && out.Get("Content-Length") == "" && out.Get("Transfer-Encoding") == "" {
		out.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(status)
	if len(body) > 0 {
		_, _ = w.Write(body)
	}
}
