package kernel

import (
	"net/http"
	"time"
)

// Seams are the decisions that can be replaced in every server with calls C, answers A and refusals R. A nil function or
// a zero value means the server's own decision. Functions are called by several goroutines at once.
type Seams[C, A, R any] struct {
	// KeepEnded is how long what has ended or expired is still found, marked as such, by rules that let it do what it no
	// longer may. Zero drops it at once.
	KeepEnded time.Duration
	// Refuse changes a refusal before its body is made: status, codes, texts. Own decision: nothing changes.
	Refuse func(*C, *R)
	// Edit changes an answer before it is written: status, header, members. Own decision: nothing changes.
	Edit func(*C, *A)
	// Wrap stands between the network and one address of the server: it can change a response on its way out, or take
	// over the connection to frame one that net/http would not write. It is called once an address, when the server is
	// made.
	Wrap func(next http.Handler) http.Handler
}

// OwnSeams change nothing.
func OwnSeams[C, A, R any]() Seams[C, A, R] {
	return Seams[C, A, R]{
		Refuse: func(*C, *R) {}, Edit: func(*C, *A) {},
		Wrap: func(next http.Handler) http.Handler { return next },
	}
}
