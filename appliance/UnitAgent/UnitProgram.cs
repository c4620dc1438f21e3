using VSan.Contracts.Enrolment;
using VSan.UnitAgent.BlockServer;
using VSan.UnitAgent.Configuration;
using VSan.UnitAgent.Copying;
using VSan.UnitAgent.Discovery;
using VSan.UnitAgent.Enrolment;
using VSan.UnitAgent.Inventory;
using VSan.UnitAgent.Inventory.Disks;
using VSan.UnitAgent.Link;
using VSan.UnitAgent.Reconcile;
using VSan.UnitAgent.Shares;
using VSan.UnitAgent.State;
using VSan.UnitAgent.Updating;

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
    private readonly HealthTarget _health = new();
    private UnitStatus _status = UnitStatus.Beginning;
    private ImageUpdates? _images;

    /// <summary>Runs until the token ends it.</summary>
    /// <exception cref="UnitFailure">It cannot go on without a person.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using StateDirectory state = StateDirectory.Take(options.StateDirectory);
        try
        {
            await RunAsync(state, cancellationToken);
        }
        catch (UnitFailure failure)
        {
            // The console goes on saying it until the next start knows better.
            DurableFile.Write(state.FilePath(StatusReport.FileName), _status with { Failure = failure.Message, Linked = false }, StateJson.Default.UnitStatus);
            throw;
        }
    }

    private async Task RunAsync(StateDirectory state, CancellationToken cancellationToken)
    {
        MemberIdentity identity = MemberIdentity.Load(state);
        string name = options.Name ?? UnitName.Of(Environment.MachineName, identity.MemberId);
        _status = _status with { Name = name };
        DurableFile.Write(state.FilePath(StatusReport.FileName), _status, StateJson.Default.UnitStatus);
        PortalAddresses addresses = new(options.Portals, PortalAddresses.OfThisMachine, time);
        IReadOnlyList<string> portals = await addresses.ResolveAsync(cancellationToken);
        StoreSet stores = StoreSet.Open(options.StorePaths, identity.MemberId, options.StoreLimitBytes, state, options.StoreMedia);
        if (options.StorePaths.Count > 0 && stores.All.Count == 0 && Admission.Load(state) is null) throw new UnitFailure(ExitCode.Unusable, stores.Conditions[0].Message);
        DiskClaims disks = new(new DiskScanner(options.DiskPrefixes), stores, state.FilePath("stores"));
        ConfigurationStore accepted = new(LocalFiles.Instance, state.Path);
        LegFindings legs = new(identity.MemberId, stores, LocalFiles.Instance, accepted);
        IShareServer shares = await ShareServer.FindAsync(identity.MemberId, stores, options.Shares, time, cancellationToken);
        await using LegCopies copies = new(identity.MemberId, stores, time, logs.CreateLogger<LegCopies>());
        using Reconciler reconciler = new(
            identity.MemberId,
            accepted,
            stores,
            LocalFiles.Instance,
            new BlockServerClient(options.ControlSocket),
            portals,
            time,
            logs.CreateLogger<Reconciler>(),
            disks,
            shares,
            copies,
            _health);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] work =
        [
            reconciler.RunAsync(stop.Token),
            JoinAsync(state, identity, name, new UnitInventories(identity.MemberId, portals, stores, disks, legs, shares, time, () => _images?.Inventory), legs, copies, reconciler, new ImageParts(accepted, portals), stop.Token),
            WatchAsync(state, reconciler, portals, stop.Token),
            addresses.WatchAsync(portals, stop.Token),
            (shares as ShareServer)?.MeasureAsync(stop.Token) ?? Task.Delay(Timeout.Infinite, stop.Token),
        ];
        Task first = await Task.WhenAny(work);
        await stop.CancelAsync();
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        (shares as ShareServer)?.StopAll();
        if (!cancellationToken.IsCancellationRequested) await first;
    }

    private async Task JoinAsync(StateDirectory state, MemberIdentity identity, string name, UnitInventories inventories, LegFindings legs, LegCopies copies, Reconciler reconciler, ImageParts parts, CancellationToken cancellationToken)
    {
        StationTrust station = await FindStationAsync(state, cancellationToken);
        _status = _status with { Station = station.Address, ShortCode = identity.ShortCode(station.Authority) };
        Enroller enroller = new(station, name, state, identity, time, logs.CreateLogger<Enroller>());
        if (enroller.Admission is null)
            _ = await enroller.EnrolAsync(_ => _status = _status with { Phase = "pending" }, cancellationToken);
        _status = _status with { Phase = "admitted" };
        _images = Images(state, identity, enroller, reconciler, parts);
        LinkEndpoints endpoints = new(identity.MemberId, StartupPacketBuilder.BootId(), inventories, legs, reconciler, copies, enroller, _presence, time, cancellationToken, () => _images?.Fact);
        DiallingListenerFactory transport = new(enroller, identity, _presence, time, logs.CreateLogger<DiallingListener>());
        await using WebApplication server = LinkServer.Build(transport, endpoints, logs);
        await server.StartAsync(cancellationToken);
        try
        {
            await _images.RunAsync(cancellationToken);
        }
        finally
        {
            using CancellationTokenSource patience = new(StopTimeout, time);
            await server.StopAsync(patience.Token);
        }
    }

    // A system that was not started from a disk has no boot partition mounted.
    private ImageUpdates Images(StateDirectory state, MemberIdentity identity, Enroller enroller, Reconciler reconciler, ImageParts parts)
    {
        RunningImage running = RunningImage.OfThisMachine;
        BootSlots? slots = running.Version is { } version && options.BootPartition is { } partition && Directory.Exists(Path.Combine(partition, BootSlots.Folder))
            ? new BootSlots(new EspFiles(partition), version)
            : null;
        UnitHealth health = new(_presence, () => reconciler.State.Value, _health, parts.Portals);
        return new ImageUpdates(
            running, slots, new SlotKeeperClient(options.SlotSocket), new ImageDownload(enroller, identity), () => SlotVerbs.Signers(options.ImageSigners),
            parts.Accepted, health, state, time, logs.CreateLogger<ImageUpdates>());
    }

    /// <summary>What the image's updates need of the rest.</summary>
    private sealed record ImageParts(ConfigurationStore Accepted, IReadOnlyList<string> Portals);

    // A unit that was admitted knows its station, whether it is within reach now or not.
    private async Task<StationTrust> FindStationAsync(StateDirectory state, CancellationToken cancellationToken)
    {
        if (Admission.Load(state)?.Trust() is { } known)
        {
            bool isOfAnother = options.Authority is { } told && told != known.Authority;
            return known with { Address = options.Station ?? known.Address, Authority = options.Authority ?? known.Authority, Token = isOfAnother ? Token(state) : null };
        }

        IStationSource[] sources =
        [
            new GivenHint(new StationHint(options.Station, options.Authority, Token(state))),
            new KernelCommandLine(options.KernelCommandLine),
            SystemCredentials.OfThisService,
            new ConfigurationFile(options.ConfigurationFile),
            new DhcpLeases(DhcpLeases.SystemFolder, logs.CreateLogger<DhcpLeases>()),
        ];
        StationFinder finder = new(sources, new StationBrowser(StationBrowser.SystemServers(), time), time, logs.CreateLogger<StationFinder>());
        return await finder.FindAsync(cancellationToken);
    }

    // A unit that served already needs no token, should its certificate be lost: its key is its proof.
    private EnrolmentToken? Token(StateDirectory state) => options.TokenFile is { } path && (File.Exists(path) || new ConfigurationStore(LocalFiles.Instance, state.Path).Present is null)
        ? StationHints.TokenOf(path)
        : null;

    /// <summary>Writes the status file at every change, and the one line that says that all is well.</summary>
    private async Task WatchAsync(StateDirectory state, Reconciler reconciler, IReadOnlyList<string> portals, CancellationToken cancellationToken)
    {
        UnitStatus? written = null;
        for (bool announced = false; ; await Task.Delay(WatchPeriod, time, cancellationToken))
        {
            ServedState served = reconciler.State.Value;
            UnitStatus status = _status with { Linked = _presence.IsUp, BlockServerRunning = served.BlockServerRunning, Sessions = served.Sessions, Configuration = served.Status };
            if (status != written) DurableFile.Write(state.FilePath(StatusReport.FileName), status, StateJson.Default.UnitStatus);
            written = status;
            if (announced || !IsReady(status, served)) continue;
            announced = true;
            await output.WriteLineAsync($"vsan-unit: ready name={status.Name} generation={status.Configuration.AppliedGeneration} portals={string.Join(',', portals)}");
        }
    }

    // With a configuration the unit is ready without the station; a unit that never had one is when the station could give it one.
    private static bool IsReady(UnitStatus status, ServedState served) =>
        status.Phase == "admitted" && served.IsServed && (status.Linked || status.Configuration.Generation > 0);
}
