using System.Globalization;
using VSan.Contracts.Api;
using VSan.HostAgent.State;

namespace VSan.HostAgent.Planning;

/// <summary>
/// How long a silent unit is waited for (docs/adr/0086). A session serves all volumes of its unit, so the most patient of them decides: waiting too
/// long costs time, giving up too early costs a filesystem that has no other copy.
/// </summary>
/// <param name="RecoverySeconds">From the loss of a session until its I/O fails.</param>
internal sealed record SessionTimers(int RecoverySeconds)
{
    /// <summary>Another copy goes on.</summary>
    public const int MirrorSeconds = 5;

    /// <summary>A mirror's and another volume's leg on one unit: open-iscsi's own default.</summary>
    public const int MixedSeconds = 120;

    /// <summary>No other copy: a day, within which a unit is repaired or somebody decides.</summary>
    public const int AloneSeconds = 86_400;

    private const int NoopIntervalSeconds = 2;
    private const int NoopTimeoutSeconds = 3;
    private const int ErrorHandlingSeconds = 5;
    private const int LoginSeconds = 5;

    /// <summary>The longest that the loss of a leg of a mirror may stall it: until the NOP is due, until it is given up, until I/O fails.</summary>
    public const int MirrorStallSecondsMax = NoopIntervalSeconds + NoopTimeoutSeconds + MirrorSeconds;

    /// <summary>The timers of one target's sessions.</summary>
    /// <param name="target">The target.</param>
    /// <param name="volumes">All volumes of this host.</param>
    public static SessionTimers Of(string target, IEnumerable<VolumeRecord> volumes)
    {
        AssemblyMethod[] methods = [.. volumes.Where(volume => volume.Legs.Any(leg => leg.TargetName == target)).Select(volume => volume.Connect.Assembly.Method)];
        bool mirrors = methods.Contains(AssemblyMethod.MdRaid1), others = methods.Any(method => method != AssemblyMethod.MdRaid1);
        return new SessionTimers(!mirrors ? AloneSeconds : others ? MixedSeconds : MirrorSeconds);
    }

    /// <summary>As settings of a node record.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings() =>
    [
        new("node.startup", "manual"),
        new("node.session.timeo.replacement_timeout", Text(RecoverySeconds)),
        new("node.session.initial_login_retry_max", "1"),
        new("node.conn[0].timeo.login_timeout", Text(LoginSeconds)),
        new("node.conn[0].timeo.noop_out_interval", Text(NoopIntervalSeconds)),
        new("node.conn[0].timeo.noop_out_timeout", Text(NoopTimeoutSeconds)),
        new("node.session.err_timeo.abort_timeout", Text(ErrorHandlingSeconds)),
        new("node.session.err_timeo.lu_reset_timeout", Text(ErrorHandlingSeconds)),
        new("node.session.err_timeo.tgt_reset_timeout", Text(ErrorHandlingSeconds)),
    ];

    private static string Text(int seconds) => seconds.ToString(CultureInfo.InvariantCulture);
}
