package client

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// The bounds of what is read of one answer. Each is far above what a server of such an API sends, and what goes beyond one is no answer:
// its error says which.
const (
	// MaxBody is the number of bytes of a body, as it comes and with its content codings undone.
	MaxBody = 1 << 20
	// maxHead is that of a status line and a header section, interim answers' included.
	maxHead = 64 << 10
	// maxFields is the number of field lines in a header section.
	maxFields = 200
	// maxReason is the number of bytes of a reason phrase.
	maxReason = 4 << 10
	// maxValues is the number of values in a body of JSON, maxDepth how deep they lie in each other, and maxDigits how long a number is.
	maxValues, maxDepth, maxDigits = 20_000, 500, 1000
)

// ErrBeyond is in the error of an answer that goes beyond a bound of what is read.
var ErrBeyond = errors.New("the answer goes beyond what is read")

func beyond(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrBeyond, fmt.Sprintf(format, args...))
}

// boundedHead finds fault with a header section that says too much.
func boundedHead(reason string, header http.Header) error {
	lines := 0
	for _, values := range header {
		lines += len(values)
	}
	switch {
	case len(reason) > maxReason:
		return beyond("a reason phrase of %d bytes (at most %d)", len(reason), maxReason)
	case lines > maxFields:
		return beyond("%d fields (at most %d)", lines, maxFields)
	}
	return nil
}

// boundedJSON finds fault with a text of JSON that costs much more than its bytes to take in. It reads no more of the grammar than
// where strings begin and end; of what is no JSON it says nothing.
func boundedJSON(body []byte) error {
	if text := bytes.TrimLeft(body, "\xef\xbb\xbf \t\r\n"); len(text) == 0 || !strings.ContainsRune("[{-0123456789", rune(text[0])) {
		return nil
	}
	values, depth, digits := 0, 0, 0
	for i := 0; i < len(body); i++ {
		c := body[i]
		if c >= '0' && c <= '9' || c == '.' || c == 'e' || c == 'E' || c == '-' || c == '+' {
			digits++
		} else {
			digits = 0
		}
		switch c {
		case '"':
			for i++; i < len(body) && body[i] != '"'; i++ {
				if body[i] == '\\' {
					i++
				}
			}
		case '[', '{':
			depth++
			values++
		case ',', ':':
			values++
		case ']', '}':
			depth--
		}
		switch {
		case values > maxValues:
			return beyond("more than %d values in its JSON", maxValues)
		case depth > maxDepth:
			return beyond("JSON more than %d deep", maxDepth)
		case digits > maxDigits:
			return beyond("a number of more than %d digits in its JSON", maxDigits)
		}
	}
	return nil
}

// readAll reads a body to its end.
func readAll(body io.ReadCloser) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(body, MaxBody+1))
	if len(data) > MaxBody {
		_ = body.Close()
		return nil, beyond("the body did not end within %d MiB", MaxBody>>20)
	}
	return data, errors.Join(err, body.Close())
}

// coming is what comes on a connection that is read byte by byte, until so much has come.
type coming struct {
	from io.Reader
	left int
	what string
}

func (b *coming) Read(into []byte) (int, error) {
	if b.left <= 0 {
		return 0, beyond("%s", b.what)
	}
	n, err := b.from.Read(into[:min(len(into), b.left)])
	b.left -= n
	return n, err
}
