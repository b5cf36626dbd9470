package fault

import "net/http"

// Chunked returns a middleware that keeps answers from having a Content-Length, and sends each body in the pieces that it
// is cut to.
func Chunked(cut func(body []byte) [][]byte) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(chunks{w, cut}, r) })
	}
}

// chunks is a writer that never knows the length of what it writes.
type chunks struct {
	http.ResponseWriter
	cut func([]byte) [][]byte
}

func (c chunks) WriteHeader(status int) {
	c.Header().Del("Content-Length")
	c.ResponseWriter.WriteHeader(status)
}

func (c chunks) Write(body []byte) (written int, err error) {
	for _, piece := range c.cut(body) {
		n, err := c.ResponseWriter.Write(piece)
		if written += n; err != nil {
			return written, err
		}
		if err := http.NewResponseController(c.ResponseWriter).Flush(); err != nil {
			return written, err
		}
	}
	return written, nil
}
