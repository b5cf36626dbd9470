package kernel

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"time"
)

// Call is one request in the hands of a server. Each server has calls of its own, which embed it.
type Call struct {
	Operation Operation
	// Request is the request as it came. Its body has been read where the operation has one.
	Request *http.Request
	// Body is the request's body, nil for operations that have none.
	Body []byte
	// Now is the time at which the request is judged, the same for all decisions on it.
	Now time.Time
	// Number counts the requests for this operation on the whole server, from 1.
	Number int64
}

// ErrTooLarge is of a body that is larger than allowed.
var ErrTooLarge = errors.New("the body is too large")

// ReadBody reads the request's body into Body, unless it has more bytes than most.
func (c *Call) ReadBody(w http.ResponseWriter, most int64) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, c.Request.Body, most))
	if over := (*http.MaxBytesError)(nil); errors.As(err, &over) {
		return ErrTooLarge
	}
	if err == nil {
		c.Body = body
	}
	return err
}

// IsJSON tells whether a Content-Type is application/json, with whatever parameters.
func IsJSON(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	return mediaType == "application/json" && (err == nil || errors.Is(err, mime.ErrInvalidMediaParameter))
}
