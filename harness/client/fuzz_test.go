package client

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"example.org/conform/openapi"
)

// same scrubs nothing.
func same(text string) string { return text }

// FuzzAnswer makes an answer of every operation of a header section and a body. Whatever they are, it is read and judged, and shown as text;
// what the bytes of a secret are stays out of the differences.
func FuzzAnswer(f *testing.F) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = w.Write([]byte(made))
	_ = w.Close()
	json := "Content-Type: application/json\r\n"
	f.Add(200, json, []byte(made), false)
	f.Add(201, json+"Content-Encoding: gzip\r\n", zipped.Bytes(), true)
	f.Add(200, json+"Content-Encoding: x-gzip, deflate, identity\r\n", zipped.Bytes()[:20], false)
	f.Add(200, "Content-Type: text/plain; charset=iso-8859-15\r\n", []byte("\xa4"), false)
	f.Add(200, "Content-Type: application/json; charset=utf-16\r\n", []byte(wide(made, true, true)), false)
	f.Add(204, "Content-Encoding: deflate\r\nDate: Fri, 31 Dec 1999 23:59:59 GMT\r\n", []byte("x\x9c\x03\x00\x00\x00\x00\x01"), false)
	f.Add(403, "Content-Type: text/html\r\nSet-Cookie: a=b\r\n", []byte("<html><title>x</title>"), false)
	f.Add(429, "Retry-After: 99999999999999999999\r\n", []byte{0xff, 0xfe, 0, 0}, true)
	var operations []*openapi.Operation
	for _, profile := range openapi.Profiles() {
		document, err := openapi.Load(profile)
		if err != nil {
			f.Fatal(err)
		}
		operations = append(operations, document.Operations()...)
	}
	f.Fuzz(func(t *testing.T, status int, header string, body []byte, asked bool) {
		read, err := textproto.NewReader(bufio.NewReader(strings.NewReader(header + "\r\n"))).ReadMIMEHeader()
		if err != nil || status < 100 || status > 599 || len(body) > 16<<10 {
			t.Skip("net/http gives no such answer")
		}
		for i, o := range operations {
			a := Answer{Operation: o, Status: status, Header: http.Header(read), Body: slices.Clone(body), RequestHeader: http.Header{}}
			if asked {
				a.RequestHeader.Set("Accept-Encoding", "gzip")
			}
			if a.Err = a.unpack(); a.Err == nil && i%4 == len(body)%4 { // all of them are the fuzzer's of package openapi
				a.Validate()
			}
			if len(a.Body) > MaxBody || a.Charset != "" && !utf8.Valid(a.Body) {
				t.Fatalf("%d bytes in %q", len(a.Body), a.Charset)
			}
			InStead(&a)
			retryAfter(&a)
			for _, e := range a.Record(same) {
				if e.Error != "" && strings.ContainsAny(e.Error, "\r\n") {
					t.Errorf("several lines: %q", e.Error)
				}
				if r := e.Response; r != nil && r.Body != nil && !utf8.ValidString(r.Body.Text) {
					t.Errorf("no text: %q", r.Body.Text)
				}
			}
		}
	})
}

// FuzzHead reads the head of an answer and what follows it, as OnWire does: to an end, without a panic, and no byte comes twice.
func FuzzHead(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 204 No Content\r\nDate: Fri, 31 Dec 1999 23:59:59 GMT\r\n\r\nstrayHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 x\r\nLink: a\r\n\r\nHTTP/1.0 200\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nA: b\r\n\r\n",
		"HTTP/1.1 101 x\r\n\r\n", "HTTP/9.9 999 x\r\n\r\n", "HTTP/1.1 -12 x\r\n\r\n", "HTTP/1.1 200 OK\r\n : x\r\n\r\n", "HTTP/1.1 +20", "\r\n\r\n",
		"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\nHTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08", "HTTP/1.1 204 x\n\nHTTP/1.1 100\n\n",
		"HTTP/1.1 204 x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}",
	} {
		f.Add(seed)
	}
	document, err := openapi.Load("adaxes-2025.1")
	if err != nil {
		f.Fatal(err)
	}
	operation := document.Operations()[0]
	request, err := http.NewRequest(http.MethodGet, "http://h/", nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := bufio.NewReaderSize(strings.NewReader(text), 64)
		first := Answer{Operation: operation}
		if err := readHead(r, &first); err != nil {
			if first.Err = err; strings.ContainsAny(err.Error(), "\x00") {
				t.Errorf("the error: %q", err)
			}
			first.Record(same)
			return
		}
		if interim(first.Status) || first.Header == nil {
			t.Errorf("%q: status %d, header %v", text, first.Status, first.Header)
		}
		stray, closed, err := untilStatusLine(r)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text, string(stray)) || closed && !strings.HasSuffix(text, string(stray)) {
			t.Errorf("%q: stray %q", text, stray)
		}
		if closed {
			return
		}
		next := Answer{Operation: operation}
		if next.Err = readWhole(r, request, &next); next.Err == nil && (next.Status == 0 || interim(next.Status)) {
			t.Errorf("%q: status %d", text, next.Status)
		}
		next.Validate()
		next.Record(same)
	})
}
