package check

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/openapi"
)

// shared is an answer on its way to another process.
type shared struct {
	Operation                  string
	Status                     int
	Header, RequestHeader      http.Header
	Body, RequestBody          []byte
	Sent, Received, Date       time.Time
	Method, URL, Proto, Reason string
	Err                        string
}

// adopt records an answer that another process received, as evidence of this check too.
func (c *Case) adopt(ctx context.Context, data []byte) *client.Answer {
	var s shared
	if err := json.Unmarshal(data, &s); err != nil {
		c.Inconclusive("reading a shared answer: %v", err)
	}
	op, err := c.Client.Document().Operation(s.Operation)
	if err != nil {
		c.Inconclusive("reading a shared answer: %v", err)
	}
	a := &client.Answer{
		Operation: op, Status: s.Status, Header: s.Header, Body: s.Body, Sent: s.Sent, Received: s.Received, Date: s.Date,
		Method: s.Method, URL: s.URL, RequestHeader: s.RequestHeader, RequestBody: s.RequestBody,
		Proto: s.Proto, Reason: s.Reason, Purpose: evidence.Act,
	}
	if s.Err != "" {
		a.Err = errors.New(s.Err)
	} else {
		a.Differences = op.Validate(openapi.Answer{Status: s.Status, Header: s.Header, Body: s.Body})
	}
	c.keep(ctx, client.Request{}, a)
	return a
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
