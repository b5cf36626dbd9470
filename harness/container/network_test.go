package container

import (
	"context"
	"fmt"

	"github.com/moby/moby/client"
)

// Network is a network of containers, in which they find each other by name.
type Network struct {
	engine *Engine
	id     string
	name   string
}

// Network makes a network. A private one has no way out, and its containers publish no port.
func (e *Engine) Network(ctx context.Context, private bool) (*Network, error) {
	ctx, end, err := e.begin(ctx, makeTime)
	if err != nil {
		return nil, err
	}
	defer end()
	wholly, cancel := whole(ctx, makeTime)
	defer cancel()
	name := e.name("net")
	made, err := e.api.NetworkCreate(wholly, name, client.NetworkCreateOptions{
		Driver: "bridge", Internal: private, Labels: e.labels(),
	})
	if err != nil {
		return nil, fmt.Errorf("making a network of containers: %s", oneLine(err.Error()))
	}
	return &Network{engine: e, id: made.ID, name: name}, nil
}

// Name is the network's name, unlike that of any other.
func (n *Network) Name() string { return n.name }

// End removes the network, from which every container must have gone.
func (n *Network) End(ctx context.Context) error {
	ctx, cancel := whole(ctx, makeTime)
	defer cancel()
	return found{kind: "network", id: n.id, name: n.name}.remove(ctx, n.engine.api)
}
