package client

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"example.org/conform/openapi"
)

// maxCodings is more than any server lays over each other.
const maxCodings = 4

// unpack makes of the bytes of an answer's body what they hold: content codings are undone, and text is UTF-8 from then on. What nobody
// asked for is a difference, and not a reason to be blind: what such an answer gave has to be ended like any other. It fails where
// a coding that the request asked for is not what came.
func (a *Answer) unpack() error {
	if len(a.Body) == 0 {
		return nil
	}
	came := a.Body
	if err := a.decompress(); err != nil {
		return err
	}
	a.decodeText()
	a.seal(came)
	return boundedJSON(a.Body)
}

// decompress undoes the content codings, the last one first (RFC 9110, 8.4). What cannot be undone stays as it is.
func (a *Answer) decompress() error {
	asked := asked(a.RequestHeader, "Accept-Encoding")
	said := listed(a.Header.Values("Content-Encoding"))
	if len(said) == 0 && bytes.HasPrefix(a.Body, []byte("\x1f\x8b\x08")) {
		said, a.Coding = []string{"gzip"}, "gzip, of which no Content-Encoding tells"
	}
	if len(said) > maxCodings {
		said = nil
	}
	if a.Coding == "" && len(said) > 0 && !asked {
		a.Coding = called(said)
	}
	body := a.Body
	for _, coding := range slices.Backward(said) {
		plain, err := undo(coding, body)
		if err != nil {
			if errors.Is(err, ErrBeyond) {
				return err
			}
			if asked && coding == "gzip" {
				return fmt.Errorf("the body is said to be gzip: %w", err)
			}
			return nil
		}
		body = plain
	}
	a.Body = body
	return nil
}

// called names content codings when they are usual ones. Others are the server's own words, which may hold anything.
func called(codings []string) string {
	for _, c := range codings {
		if !slices.Contains([]string{"gzip", "x-gzip", "deflate", "br", "zstd", "compress"}, c) {
			return "another coding"
		}
	}
	return strings.Join(codings, ", ")
}

// listed are the members of a list in header fields, in small letters, without identity, which is none.
func listed(values []string) (all []string) {
	for member := range strings.SplitSeq(strings.ToLower(strings.Join(values, ",")), ",") {
		if member = strings.TrimSpace(member); member != "" && member != "identity" {
			all = append(all, member)
		}
	}
	return all
}

// undo undoes one content coding.
func undo(coding string, body []byte) ([]byte, error) {
	var from io.ReadCloser
	var err error
	switch coding {
	case "gzip", "x-gzip":
		from, err = gzip.NewReader(bytes.NewReader(body))
	case "deflate": // is zlib's format (RFC 9110, 8.4.1.2), and without its frame at some
		if from, err = zlib.NewReader(bytes.NewReader(body)); err != nil {
			from, err = flate.NewReader(bytes.NewReader(body)), nil
		}
	default:
		err = errors.New("the coding is not known here")
	}
	if err != nil {
		return nil, err
	}
	return readAll(from)
}

// decodeText makes UTF-8 of a body in another charset, where the bytes tell which, or the header does.
func (a *Answer) decodeText() {
	name, charset := charsetOf(a.Body)
	if charset == nil && !utf8.Valid(a.Body) {
		_, parameters, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
		switch strings.ToLower(parameters["charset"]) {
		case "iso-8859-1", "latin1", "us-ascii", "windows-1252":
			name, charset = "ISO 8859-1", charmap.Windows1252 // which is the same with more letters
		case "iso-8859-15":
			name, charset = "ISO 8859-15", charmap.ISO8859_15
		}
	}
	if charset == nil {
		return
	}
	if text, err := charset.NewDecoder().Bytes(a.Body); err == nil && utf8.Valid(text) {
		a.Body, a.Charset = text, name
	}
}

// charsetOf is the charset that the bytes of a text tell by themselves, beside UTF-8: by a byte order mark, or, where the text
// begins with two characters of ASCII as every one in JSON does, by where the zeros are.
func charsetOf(data []byte) (name string, charset encoding.Encoding) {
	head := make([]byte, 4)
	if copy(head, data) < 2 {
		return "", nil
	}
	zeros := [4]bool{head[0] == 0, head[1] == 0, head[2] == 0, head[3] == 0}
	wide := len(data) >= 4
	switch {
	case wide && (string(head) == "\xff\xfe\x00\x00" || zeros == [4]bool{false, true, true, true}):
		return "UTF-32", utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	case wide && (string(head) == "\x00\x00\xfe\xff" || zeros == [4]bool{true, true, true, false}):
		return "UTF-32", utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	case string(head[:2]) == "\xff\xfe", wide && zeros == [4]bool{false, true, false, true}:
		return "UTF-16", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case string(head[:2]) == "\xfe\xff", wide && zeros == [4]bool{true, false, true, false}:
		return "UTF-16", unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	return "", nil
}

// Validate compares the answer with what the contract says of its operation, and keeps the differences. Of what something else has
// answered the contract says nothing.
func (a *Answer) Validate() {
	if InStead(a) == "" {
		came := openapi.Answer{Status: a.Status, Header: a.Header, Body: a.Body, Coding: a.Coding, Charset: a.Charset}
		a.Differences = a.Operation.Validate(came)
		if a.Works, a.Denied = a.Operation.Judge(came); a.Denied && (a.Status/100 == 2 || a.Status >= 500) {
			a.Differences = nil // it is no success, and of its form the document says nothing
		}
	}
}

// seal withholds a body, of which so much came, where it may hold what nobody could take out of it.
func (a *Answer) seal(came []byte) {
	a.size = len(came)
	if len(a.Body) > 0 && !a.Operation.Legible(a.Status, a.Body) {
		a.digest = fmt.Sprintf("%x", sha256.Sum256(came))
	}
}
