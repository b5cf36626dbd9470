package aria

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/reply"
)

const (
	mediaJSON = "application/json"
	mediaXML  = "application/xml"
)

// Answer is a response before it is written. Without a Content-Type of its own, one with members gets it.
type Answer struct {
	kernel.Answer
	// Members are the object of the body in place of the ordered ones: they are written by their names. Root is the
	// object's name in XML.
	Members map[string]any
	Root    string
	// Refusal is what the answer refuses, Token what it hands out; nil otherwise.
	Refusal *Refusal
	Token   *Token
	xml     bool
}

// ok is an answer with an object, which has this name in XML.
func ok(root string, members map[string]any) *Answer {
	return &Answer{Answer: kernel.Answered(http.StatusOK, nil), Root: root, Members: members}
}

// Failure is one thing that is wrong with a request.
type Failure struct {
	FailureMessage string `json:"failureMessage"`
	ViolationPath  string `json:"violationPath"`
}

// Refusal is a request that is not granted. None of its texts quotes what the client sent.
type Refusal struct {
	Status  int
	Message string
	// Code is apiErrorCode.
	Code int
	// Failures go with 400 alone.
	Failures []Failure
	// Header is added to the answer.
	Header http.Header
}

// codeUnauthorized is the code of a token that is not valid. Those of other errors are their statuses, as of a wrong password.
const codeUnauthorized = 1512

// worded words a problem.
func worded(p kernel.Problem) *Refusal {
	return &Refusal{Status: p.Status, Message: p.Message, Code: p.Status, Header: p.Header}
}

// unauthorized refuses a request that carries no valid token, and says which schemes there are.
func (c *Call) unauthorized() *Refusal {
	header := http.Header{}
	for _, scheme := range c.server.config.Schemes {
		header.Add("WWW-Authenticate", scheme+` realm="suite-api"`)
	}
	header.Add("WWW-Authenticate", "VCToken, SSO2Token, CSPToken, VIDBToken") // other products' tokens, which this server has none of
	return &Refusal{Status: http.StatusUnauthorized, Message: "The request carries no valid token.", Code: codeUnauthorized, Header: header}
}

// refused makes the answer of a refusal, as servers in use word it.
func (c *Call) refused(refusal *Refusal) *Answer {
	members := map[string]any{
		"type": "Error", "message": refusal.Message, "httpStatusCode": refusal.Status, "apiErrorCode": refusal.Code,
	}
	if refusal.Failures != nil {
		members["validationFailures"] = refusal.Failures
	}
	answer := ok("error", members)
	answer.Status, answer.Header, answer.Refusal = refusal.Status, refusal.Header.Clone(), refusal
	return answer
}

// negotiate chooses between JSON and XML by the first of the two that Accept names. The rest of Accept is not looked at.
func (c *Call) negotiate(a *Answer) {
	for part := range strings.SplitSeq(c.Request.Header.Get("Accept"), ",") {
		media, _, _ := strings.Cut(part, ";")
		switch strings.ToLower(strings.TrimSpace(media)) {
		case mediaXML, "text/xml":
			a.xml = true
			return
		case mediaJSON, "*/*", "application/*":
			return
		}
	}
}

// Encode makes the body, in the form that was chosen.
func (a *Answer) Encode() (body []byte, err error) {
	body = a.Body
	if body == nil && a.Members != nil {
		media := mediaJSON
		if a.xml {
			body, media = writeXML(a.Root, a.Members), mediaXML
		} else if body, err = reply.JSON(a.Members); err != nil {
			return nil, err
		}
		if a.Header.Get("Content-Type") == "" {
			a.Header.Set("Content-Type", media+";charset=UTF-8")
		}
	}
	if body != nil {
		a.Header.Set("Cache-Control", "no-store") // answers hold credentials
	}
	return body, nil
}

// namespace is the one of the vendor's XML answers.
const namespace = "http://webservice.vmware.com/vRealizeOpsMgr/1.0/"

// writeXML writes the members, sorted by name, as the elements of a root: a list as an element for each item within one
// that has the member's name.
func writeXML(root string, members map[string]any) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `%s<ops:%s xmlns:ops="%s">`, xml.Header, root, namespace)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		element(&b, name, members[name])
	}
	fmt.Fprintf(&b, "</ops:%s>", root)
	return b.Bytes()
}

func element(b *bytes.Buffer, name string, value any) {
	fmt.Fprintf(b, "<ops:%s>", name)
	switch v := value.(type) {
	case []string:
		for _, item := range v {
			element(b, "item", item)
		}
	case map[string]int:
		for _, member := range slices.Sorted(maps.Keys(v)) {
			element(b, member, v[member])
		}
	case []Failure:
		for _, item := range v {
			element(b, "failure", item.ViolationPath+": "+item.FailureMessage)
		}
	default:
		_ = xml.EscapeText(b, []byte(fmt.Sprint(v))) // a buffer takes everything
	}
	fmt.Fprintf(b, "</ops:%s>", name)
}
