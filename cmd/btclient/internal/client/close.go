package client

import (
	"context"
	"time"
)

// closeTime is how long Close may take. What the trackers are told last goes on beside the disk's work, and is left alone
// when it takes longer.
const closeTime = 4 * time.Second

// Close ends the client: connections are closed, what is verified is synced and recorded, trackers are told. The error is
// that of the disk; what was not synced then is downloaded again next time.
func (c *Client) Close() error {
	c.currentTotals() // trackers are told them when there is no session to ask any more
	c.listener.Close()
	c.stop()
	<-c.looping
	c.resolving.Wait()
	deadline := time.NewTimer(closeTime)
	defer deadline.Stop()
	err := c.closeDisk()
	select {
	case <-c.announced:
	case <-deadline.C:
	}
	c.closeSocket() // through which trackers are told
	return err
}

func (c *Client) closeDisk() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	return c.loop.Disk().Close(ctx)
}
