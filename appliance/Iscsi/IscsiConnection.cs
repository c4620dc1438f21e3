using System.Buffers.Binary;
using System.Diagnostics;
using VSan.Iscsi.Login;
using VSan.Iscsi.Pdu;

namespace VSan.Iscsi;

/// <summary>
/// One connection of a session (ErrorRecoveryLevel=0). Bytes come in, PDUs go out by the transport. Owned by its ring's thread; no exception
/// leaves it, whatever the peer sends.
/// <code>
///   LoggingIn ──last login PDU──► Joining ──what it replaces is gone──► FullFeature ──logout, violation, silence──► Closing ──OnClosed──► Closed
///       ├────────────────────────────── refusal, time, violation ─────────────────────────────────────────────────►               ▲
///       └──its session lives on another ring──► Moving ──OnClosed─────────────────────────────────────────────────────────────────┘
/// </code>
/// </summary>
public sealed partial class IscsiConnection
{
    private readonly long _acceptedAt;
    private readonly OutstandingTasks _outstanding = new();
    private ConnectionState _state = ConnectionState.LoggingIn;
    private IscsiSession? _session;
    private uint _statSN = 1;
    private bool _headerDigest;
    private bool _dataDigest;
    private bool _heard;
    private bool _pinged;
    private long _heardAt;
    private ConnectionParameters _parameters = new();

    internal IscsiConnection(IscsiRing ring, IConnectionTransport transport, string peer, TargetPortal localPortal)
    {
        (Ring, Transport, Peer, LocalPortal) = (ring, transport, peer, localPortal);
        _acceptedAt = ring.Time.GetTimestamp();
        _heardAt = _acceptedAt;
    }

    private enum ConnectionState
    {
        LoggingIn,
        Joining,
        FullFeature,
        Moving,
        Closing,
        Closed,
    }

    /// <summary>True when no volume request and no payload is outstanding, so that the owner may forget the connection.</summary>
    public bool IsQuiescent => _outstanding.Count == 0;

    internal IscsiRing Ring { get; }

    internal IConnectionTransport Transport { get; }

    internal string Peer { get; }

    internal TargetPortal LocalPortal { get; }

    /// <summary>CID: its name in its session, the initiator's choice.</summary>
    internal ushort ConnectionId { get; private set; }

    /// <summary>What was agreed for it.</summary>
    internal ConnectionParameters Parameters => _parameters;

    /// <summary>It has not come to full feature phase yet.</summary>
    internal bool IsLoggingIn => _state == ConnectionState.LoggingIn;

    private bool IsOpen => _state < ConnectionState.Moving;

    /// <summary>The connection is gone; called once. Completions and sent payloads may still follow until <see cref="IsQuiescent"/>.</summary>
    public void OnClosed()
    {
        Close(afterSend: false);
        _state = ConnectionState.Closed;
        if (IsQuiescent) Ring.Remove(this);
    }

    /// <summary>Ends the connection, and with it the session that it is in (ErrorRecoveryLevel 0).</summary>
    internal void Close(bool afterSend)
    {
        if (!IsOpen) return;
        if (_session?.Has(this) == true) _session.End(afterSend);
        Shut(afterSend);
    }

    /// <summary>Ends the connection and its tasks. Whether its session goes on is the caller's affair.</summary>
    internal void Shut(bool afterSend)
    {
        if (!IsOpen) return;
        ForgetBacklog();
        foreach (IscsiTask task in OwnTasks()) Abort(task, null);
        _state = ConnectionState.Closing;
        EndFences();
        Transport.Close(afterSend);
    }

    /// <summary>Login time, a NOP-In after a silence, the end after a longer one or when a write's data does not come.</summary>
    internal void Tick()
    {
        if (!IsOpen) return;
        long now = Ring.Time.GetTimestamp();
        if (_state == ConnectionState.LoggingIn)
        {
            if (Ring.Time.GetElapsedTime(_acceptedAt, now) >= Ring.Limits.LoginTime) Drop(DropReason.LoginTooSlow, null);
            return;
        }

        if (_heldSince is { } since)
        {
            // It is not read from, so its silence says nothing.
            if (Ring.Time.GetElapsedTime(since, now) >= Ring.Limits.MissingCommandTime) Drop(DropReason.CommandMissing, "RFC 7143, 4.2.2.1");
            return;
        }

        if (_heard) (_heard, _pinged, _heardAt) = (false, false, now);
        TimeSpan silence = Ring.Time.GetElapsedTime(_heardAt, now);
        if (silence >= Ring.Limits.SilenceBeforeDrop)
        {
            Drop(DropReason.Silence, null);
        }
        else if (_session!.HasStalledDataOut(this, now))
        {
            Drop(DropReason.DataOutStalled, null);
        }
        else if (silence >= Ring.Limits.SilenceBeforePing && !_pinged && _state == ConnectionState.FullFeature)
        {
            Ping();
        }
    }

    /// <summary>Others wait to log in, and this one has taken longest.</summary>
    internal void DropCrowdedOut() => Drop(DropReason.LoginCrowdedOut, null);

    /// <summary>Follows a new configuration: LUNs by difference, the end where nothing is left of the initiator's rights.</summary>
    internal void Resolve(TargetCatalog catalog)
    {
        if (!IsOpen || _session is not { Target: { } old }) return;
        IscsiTarget? target = catalog.Find(old.Name);
        TargetAccess? access = target?.IsOfferedBy(LocalPortal.GroupTag) == true ? target.AccessFor(_session.InitiatorName) : null;
        if (access is null)
        {
            Close(afterSend: true);
            return;
        }

        foreach (Scsi.LogicalUnit gone in _session.Resolve(target!, access)) WithdrawTasks(gone);
    }

    /// <summary>Ends for a connection of the same CID; <paramref name="onQuiet"/> runs when nothing of this one can touch a volume (RFC 7143, 6.3.4).</summary>
    internal void GiveWay(Action onQuiet)
    {
        _session!.Leave(this);
        Shut(afterSend: false);
        _outstanding.WhenNone(onQuiet);
    }

    /// <summary>Leaves its session behind what it has still to send; the last one ends it.</summary>
    internal void LogOut()
    {
        if (!_session!.HasSeveralConnections)
        {
            Close(afterSend: true);
            return;
        }

        _session.Leave(this);
        Shut(afterSend: true);
        _session.ResumeInOrder();
    }

    /// <summary>The unanswered tasks whose PDUs travel on this connection (connection allegiance: RFC 7143, 4.2.5.1).</summary>
    private IEnumerable<IscsiTask> OwnTasks() => _session is null ? [] : _session.Tasks().Where(task => ReferenceEquals(task.Connection, this));

    private void Ping()
    {
        _pinged = true;
        Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
        NopIn.Format(pdu, 0, BasicHeader.ReservedTag, PingTag);
        SendWithoutStatus(pdu);
    }

    /// <summary>Acts on a peer's mistake: refuses the PDU, and ends the connection where the scope says so.</summary>
    private void Refuse(BasicHeader header, Violation violation)
    {
        bool drops = violation.Scope == ViolationScope.Connection;
        Ring.Counters.CountReject(violation.Reason);
        Report(drops ? IncidentKind.ConnectionDropped : IncidentKind.PduRejected, $"{violation.Reason}", violation.Clause);
        if (_state == ConnectionState.FullFeature)
        {
            Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
            Reject.Format(pdu, violation.Reason);
            SendWithStatus(pdu, header.Raw[..BasicHeader.Bytes]);
        }

        if (drops) Close(afterSend: true);
    }

    /// <summary>Ends the connection at once, without a word to the peer.</summary>
    /// <param name="reason">For the log and the counters.</param>
    /// <param name="clause">Where the standard forbids what the peer did; null where the bound is ours.</param>
    private void Drop(DropReason reason, string? clause)
    {
        Ring.Counters.CountDrop(reason);
        Report(IncidentKind.ConnectionDropped, $"{reason}", clause);
        Close(afterSend: false);
    }

    private void Report(IncidentKind kind, string reason, string? clause) =>
        Ring.Incidents?.OnIncident(new Incident(kind, reason, clause, Peer, _session?.InitiatorName ?? _login?.InitiatorName ?? ""));

    /// <summary>Sends a PDU that carries a StatSN of its own.</summary>
    private void SendWithStatus(Span<byte> header, ReadOnlySpan<byte> data)
    {
        BinaryPrimitives.WriteUInt32BigEndian(header[24..], _statSN++);
        StampWindow(header);
        Send(header, data);
    }

    /// <summary>Sends a PDU that only mentions the next StatSN (R2T, a ping of ours).</summary>
    private void SendWithoutStatus(Span<byte> header)
    {
        BinaryPrimitives.WriteUInt32BigEndian(header[24..], _statSN);
        StampWindow(header);
        Send(header, default);
    }

    private void StampWindow(Span<byte> header)
    {
        IscsiSession? session = _session ?? _joins;
        uint expCmdSN = session?.ExpCmdSN ?? _loginCmdSN;
        BinaryPrimitives.WriteUInt32BigEndian(header[28..], expCmdSN);
        BinaryPrimitives.WriteUInt32BigEndian(header[32..], session?.MaxCmdSN ?? expCmdSN);
    }

    private void Send(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        Debug.Assert(header.Length == BasicHeader.Bytes);
        SendHeader(header);
        if (data.IsEmpty) return;
        Transport.Send(data);
        SendTrailer(data.Length, _dataDigest ? Crc32C.Append(Crc32C.Seed, data) : 0);
    }

    private void SendHeader(ReadOnlySpan<byte> header)
    {
        if (!_headerDigest)
        {
            Transport.Send(header);
            return;
        }

        Span<byte> withDigest = stackalloc byte[BasicHeader.Bytes + DigestBytes];
        header.CopyTo(withDigest);
        Crc32C.Write(withDigest[BasicHeader.Bytes..], Crc32C.Append(Crc32C.Seed, header));
        Transport.Send(withDigest);
    }

    /// <summary>Padding and digest behind a data segment.</summary>
    /// <param name="length">Bytes of the segment.</param>
    /// <param name="crc">Over the segment; used with data digests only.</param>
    private void SendTrailer(int length, uint crc)
    {
        int padding = BasicHeader.Padding(length);
        Span<byte> trailer = stackalloc byte[3 + DigestBytes];
        trailer.Clear();
        if (_dataDigest) Crc32C.Write(trailer[padding..], Crc32C.Append(crc, trailer[..padding]));
        int bytes = padding + (_dataDigest ? DigestBytes : 0);
        if (bytes > 0) Transport.Send(trailer[..bytes]);
    }
}
