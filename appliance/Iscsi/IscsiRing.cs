#pragma warning disable CA1822
using VSan.Scsi;

namespace VSan.Iscsi;

/// <summary>iSCSI's share of one ring.</summary>
public sealed class IscsiRing(ScsiRing scsi, SessionRegistry sessions, IRingMailbox mailbox, IscsiLimits limits, TimeProvider time)
{
    internal ScsiRing Scsi { get; } = scsi;

    internal SessionRegistry Sessions { get; } = sessions;

    internal IRingMailbox Mailbox { get; } = mailbox;

    internal IscsiLimits Limits { get; } = limits;

    internal TimeProvider Time { get; } = time;

    internal TargetCatalog Catalog { get; private set; } = TargetCatalog.Empty;

    /// <summary>Takes a new TCP connection.</summary>
    public IscsiConnection Accept(IConnectionTransport transport, string peer, string localPortal) => new(this, transport, peer, localPortal);

    /// <summary>Serves <paramref name="catalog"/> from now on; sessions that it does not change are not disturbed.</summary>
    public void Apply(TargetCatalog catalog) => Catalog = catalog;

    /// <summary>After the completions and receives of a turn, before the transports send.</summary>
    public void EndOfTurn() { }

    /// <summary>About once a second.</summary>
    public void Tick() { }

    /// <summary>Asks every initiator to log out (asynchronous message 1).</summary>
    public void RequestLogoutAll() { }
}
