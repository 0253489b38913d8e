"""One torrent, one libtorrent session, driven by a JSON job in argv[1].

Prints one JSON object a line: listening, progress, complete, error. Ends by
itself after a download unless told to stay.
"""
import json
import signal
import sys
import time

import libtorrent as lt


def say(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


def settings(job):
    s = {
        "listen_interfaces": job["listen"],
        "outgoing_interfaces": job["listen"].rsplit(":", 1)[0].strip("[]"),
        "alert_mask": lt.alert.category_t.error_notification
        | lt.alert.category_t.status_notification
        | lt.alert.category_t.storage_notification,
        "enable_dht": False,
        "enable_lsd": False,
        "enable_upnp": False,
        "enable_natpmp": False,
        "listen_system_port_fallback": False,
        "allow_multiple_connections_per_ip": True,
        "enable_outgoing_utp": job["utp"],
        "enable_incoming_utp": job["utp"],
        "enable_outgoing_tcp": not job["utp"],
        "enable_incoming_tcp": not job["utp"],
        "in_enc_policy": 2,  # pe_disabled: plaintext only
        "out_enc_policy": 2,
        "announce_to_all_trackers": True,
        "announce_to_all_tiers": True,
        "peer_turnover_interval": 86400,
        "connection_speed": 500,
        "min_reconnect_time": 1,
    }
    if job["slots"]:
        s["unchoke_slots_limit"] = job["slots"]
        s["connections_limit"] = 200
    return s


def add(session, job):
    params = lt.add_torrent_params()
    params.ti = lt.torrent_info(job["torrent"])
    params.save_path = job["dir"]
    params.flags = lt.torrent_flags.default_flags
    for off in (lt.torrent_flags.auto_managed, lt.torrent_flags.paused):
        params.flags &= ~off
    if job["seed"]:
        params.flags |= lt.torrent_flags.seed_mode
    if not job["tracker"]:
        params.trackers = []
        params.flags |= lt.torrent_flags.override_trackers
    # A limit of the session's does not bind peers that libtorrent takes for
    # local ones, and 10/8 it does; a torrent's own limit binds them all.
    handle = session.add_torrent(params)
    if job["upload_limit"]:
        handle.set_upload_limit(job["upload_limit"])
    for peer in job["dial"]:
        host, port = peer.rsplit(":", 1)
        handle.connect_peer((host.strip("[]"), int(port)))
    return handle


CHECKING = (lt.torrent_status.checking_files, lt.torrent_status.checking_resume_data)


def report(handle, event="progress"):
    """Says how far it is, but not while it still looks what is there."""
    s = handle.status()
    if s.state in CHECKING:
        return
    say(
        event,
        bytes_done=s.total_wanted_done,
        bytes_total=s.total_wanted,
        uploaded=s.total_payload_upload,
        peers=s.num_peers,
    )


def flush(session, handle):
    """Waits until everything verified is also in the file."""
    handle.flush_cache()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        session.wait_for_alert(200)
        if any(isinstance(a, lt.cache_flushed_alert) for a in session.pop_alerts()):
            return
    sys.exit("libtorrent did not flush its cache")


def main():
    job = json.loads(sys.argv[1])
    signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
    session = lt.session(settings(job))
    handle = add(session, job)
    bound = listening = complete = False
    reported = 0.0
    while True:
        session.wait_for_alert(20)
        for a in session.pop_alerts():
            bound = bound or isinstance(a, lt.listen_succeeded_alert)
            if a.category() & lt.alert.category_t.error_notification:
                say("error", message=a.message())
        now = time.monotonic()
        # It turns peers away until it has looked at the torrent's files.
        if bound and not listening and handle.status().state not in CHECKING:
            listening = True
            say("listening", address=job["listen"])
        if not complete and not job["seed"] and handle.status().is_seeding:
            complete = True
            flush(session, handle)
            report(handle, "complete")
            if not job["stay"]:
                return
        if now - reported > 0.1:
            reported = now
            report(handle)


main()
