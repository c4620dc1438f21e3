using VSan.Contracts.Enrolment;
using VSan.UnitAgent.BlockServer;
using VSan.UnitAgent.Configuration;
using VSan.UnitAgent.Discovery;
using VSan.UnitAgent.Enrolment;
using VSan.UnitAgent.Inventory;
using VSan.UnitAgent.Inventory.Disks;
using VSan.UnitAgent.Link;
using VSan.UnitAgent.Reconcile;
using VSan.UnitAgent.Shares;
using VSan.UnitAgent.State;

namespace VSan.UnitAgent;

/// <summary>
/// <c>vsan-unit run</c>, wired. What was accepted is served first, from this machine alone; only then the station is looked for:
/// <code>
///   state, identity, stores ──► reconciler ══════════════════════════════════════►
///                                   └──► enrol (once in a life) ──► link ════════►
/// </code>
/// </summary>
internal sealed class UnitProgram(UnitOptions options, TimeProvider time, ILoggerFactory logs, TextWriter output)
{
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    private readonly LinkPresence _presence = new();
    private string _phase = "enrolling";
    private string? _shortCode;

    /// <summary>Runs until the token ends it.</summary>
    /// <exception cref="UnitFailure">It cannot go on without a person.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using StateDirectory state = StateDirectory.Take(options.StateDirectory);
        MemberIdentity identity = MemberIdentity.Load(state);
        StoreSet stores = StoreSet.Open(options.StorePaths, identity.MemberId, options.StoreLimitBytes, state);
        if (options.StorePaths.Count > 0 && stores.All.Count == 0 && Admission.Load(state) is null) throw new UnitFailure(ExitCode.Unusable, stores.Conditions[0].Message);
        DiskClaims disks = new(new DiskScanner(options.DiskPrefixes), stores, state.FilePath("stores"));
        ConfigurationStore accepted = new(LocalFiles.Instance, state.Path);
        LegFindings legs = new(identity.MemberId, stores, LocalFiles.Instance, accepted);
        IShareServer shares = await ShareServer.FindAsync(identity.MemberId, stores, options.Shares, time, cancellationToken);
        using Reconciler reconciler = new(
            identity.MemberId,
            accepted,
            stores,
            LocalFiles.Instance,
            new BlockServerClient(options.ControlSocket),
            options.Portals,
            time,
            logs.CreateLogger<Reconciler>(),
            disks,
            shares);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] work =
        [
            reconciler.RunAsync(stop.Token),
            JoinAsync(state, identity, new UnitInventories(identity.MemberId, options.Portals, stores, disks, legs, shares, time), legs, reconciler, stop.Token),
            WatchAsync(state, reconciler, stop.Token),
            (shares as ShareServer)?.MeasureAsync(stop.Token) ?? Task.Delay(Timeout.Infinite, stop.Token),
        ];
        Task first = await Task.WhenAny(work);
        await stop.CancelAsync();
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        (shares as ShareServer)?.StopAll();
        if (!cancellationToken.IsCancellationRequested) await first;
    }

    private async Task JoinAsync(StateDirectory state, MemberIdentity identity, UnitInventories inventories, LegFindings legs, Reconciler reconciler, CancellationToken cancellationToken)
    {
        StationTrust station = await FindStationAsync(state, cancellationToken);
        _shortCode = identity.ShortCode(station.Authority);
        Enroller enroller = new(station, options.Name, state, identity, time, logs.CreateLogger<Enroller>());
        if (enroller.Admission is null)
            _ = await enroller.EnrolAsync(_ => _phase = "pending", cancellationToken);
        _phase = "admitted";
        LinkEndpoints endpoints = new(identity.MemberId, StartupPacketBuilder.BootId(), inventories, legs, reconciler, enroller, _presence, time, cancellationToken);
        DiallingListenerFactory transport = new(enroller, identity, _presence, time, logs.CreateLogger<DiallingListener>());
        await using WebApplication server = LinkServer.Build(transport, endpoints, logs);
        await server.StartAsync(cancellationToken);
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            using CancellationTokenSource patience = new(StopTimeout, time);
            await server.StopAsync(patience.Token);
        }
    }

    // A unit that was admitted knows its station, whether it is within reach now or not.
    private async Task<StationTrust> FindStationAsync(StateDirectory state, CancellationToken cancellationToken)
    {
        if (Admission.Load(state)?.Trust() is { } known)
        {
            bool isOfAnother = options.Authority is { } told && told != known.Authority;
            return known with { Address = options.Station ?? known.Address, Authority = options.Authority ?? known.Authority, Token = isOfAnother ? Token(state) : null };
        }

        StationHint given = new(options.Station, options.Authority, Token(state));
        StationHint hint = given.Or(StationHints.OfCommandLine(options.KernelCommandLine)).Or(StationHints.OfFile(options.ConfigurationFile));
        StationFinder finder = new(hint, new StationBrowser(StationBrowser.SystemServers(), time), time, logs.CreateLogger<StationFinder>());
        return await finder.FindAsync(cancellationToken);
    }

    // A unit that served already needs no token, should its certificate be lost: its key is its proof.
    private EnrolmentToken? Token(StateDirectory state) => options.TokenFile is { } path && (File.Exists(path) || new ConfigurationStore(LocalFiles.Instance, state.Path).Present is null)
        ? StationHints.TokenOf(path)
        : null;

    /// <summary>Writes the status file at every change, and the one line that says that all is well.</summary>
    private async Task WatchAsync(StateDirectory state, Reconciler reconciler, CancellationToken cancellationToken)
    {
        UnitStatus? written = null;
        for (bool announced = false; ; await Task.Delay(WatchPeriod, time, cancellationToken))
        {
            ServedState served = reconciler.State.Value;
            UnitStatus status = new(_phase, _shortCode, _presence.IsUp, served.BlockServerRunning, served.Sessions, served.Status);
            if (status != written) DurableFile.Write(state.FilePath(StatusReport.FileName), status, StateJson.Default.UnitStatus);
            written = status;
            if (announced || !IsReady(status, served)) continue;
            announced = true;
            await output.WriteLineAsync($"vsan-unit: ready name={options.Name} generation={status.Configuration.AppliedGeneration} portals={string.Join(',', options.Portals)}");
        }
    }

    // With a configuration the unit is ready without the station; a unit that never had one is when the station could give it one.
    private static bool IsReady(UnitStatus status, ServedState served) =>
        status.Phase == "admitted" && served.IsServed && (status.Linked || status.Configuration.Generation > 0);
}
