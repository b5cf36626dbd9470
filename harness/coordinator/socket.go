package coordinator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/rpc"
	"os"
	"path/filepath"
	"sync"
)

// Listener serves a State to worker processes.
type Listener struct {
	state  *State
	socket net.Listener
	dir    string
	wg     sync.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]bool
}

// Listen opens a Unix socket in a new folder that only this user can enter, and serves the state on it until Close.
func Listen(state *State) (*Listener, error) {
	dir, err := os.MkdirTemp("", "conform-")
	if err != nil {
		return nil, fmt.Errorf("making a private folder for the run: %w", err)
	}
	socket, err := net.Listen("unix", filepath.Join(dir, "run.sock"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the socket of the run: %w", err), os.RemoveAll(dir))
	}
	l := &Listener{state: state, socket: socket, dir: dir, conns: map[net.Conn]bool{}}
	l.wg.Go(l.accept)
	return l, nil
}

// Dir is the private folder; it goes with Close.
func (l *Listener) Dir() string { return l.dir }

// Address is the socket's path, for Dial.
func (l *Listener) Address() string { return l.socket.Addr().String() }

func (l *Listener) accept() {
	for {
		conn, err := l.socket.Accept()
		if err != nil {
			return // closed
		}
		l.mu.Lock()
		l.conns[conn] = true
		l.mu.Unlock()
		l.wg.Go(func() {
			l.state.serve(conn)
			l.mu.Lock()
			delete(l.conns, conn)
			l.mu.Unlock()
		})
	}
}

// Close ends every connection and removes the folder.
func (l *Listener) Close() error {
	err := l.socket.Close()
	l.mu.Lock()
	for conn := range l.conns {
		_ = conn.Close()
	}
	l.mu.Unlock()
	l.wg.Wait()
	return errors.Join(err, os.RemoveAll(l.dir))
}

// serve answers one worker until its connection ends, then releases what it held.
func (s *State) serve(conn net.Conn) {
	ctx, cancel := context.WithCancel(context.Background())
	sess := &session{state: s, ctx: ctx, held: map[heldAccount]bool{}}
	server := rpc.NewServer()
	if err := server.RegisterName("Run", &Service{sess}); err != nil {
		panic(err) // the method set is fixed at build time and covered by the tests
	}
	// The server waits for the calls under way before it lets go of a connection that has ended, and some of them
	// wait for what may never come: they end with the connection's reading side.
	lost := make(chan struct{})
	go func() {
		<-lost
		cancel()
	}()
	server.ServeConn(&watched{conn, lost})
	sess.release()
}
