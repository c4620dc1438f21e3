namespace VSan.Station.Execution;

/// <summary>All services of one station, and the work behind them.</summary>
public sealed class StationServices
{
    private readonly Ledger _ledger;
    private readonly OperationEngine _engine;
    private readonly UnitReconcilers _reconcilers;
    private readonly AutomaticClaims _claims;
    private readonly ScheduleRunner _schedules;
    private readonly DrainRunner _drains;

    private StationServices(Ledger ledger, OperationEngine engine, UnitReconcilers reconcilers, AutomaticClaims claims, ScheduleRunner schedules, DrainRunner drains, SpareRunner spares, LostLegRunner lostLegs)
    {
        LostLegs = lostLegs;
        Spares = spares;
        _drains = drains;
        _ledger = ledger;
        _claims = claims;
        _schedules = schedules;
        _engine = engine;
        _reconcilers = reconcilers;
    }

    /// <summary>The pool in numbers.</summary>
    public required PoolService Pool { get; init; }

    /// <summary>What units are to serve, against what they do.</summary>
    public required PlanService Plan { get; init; }

    /// <summary>Legs that no volume knows.</summary>
    public required OrphanService Orphans { get; init; }

    /// <summary>Rebuilding from the units.</summary>
    public required ImportService Import { get; init; }

    /// <summary>Spares that are taken into service by themselves.</summary>
    internal SpareRunner Spares { get; }

    /// <summary>Copies that hosts lost with a unit for which a spare stands in.</summary>
    internal LostLegRunner LostLegs { get; }

    /// <summary>Units.</summary>
    public required UnitService Units { get; init; }

    /// <summary>Which units are within reach.</summary>
    public required UnitPresence Presence { get; init; }

    /// <summary>What is done to the pool.</summary>
    public required MetricsService Metrics { get; init; }

    /// <summary>Enrolment tokens.</summary>
    public required TokenService Tokens { get; init; }

    /// <summary>Admission of members.</summary>
    public required EnrolmentService Enrolment { get; init; }

    /// <summary>Disks of units.</summary>
    public required DiskService Disks { get; init; }

    /// <summary>Rules by which disks are claimed.</summary>
    public required ClaimRuleService ClaimRules { get; init; }

    /// <summary>Hosts.</summary>
    public required HostService Hosts { get; init; }

    /// <summary>Volumes.</summary>
    public required VolumeService Volumes { get; init; }

    /// <summary>Shares.</summary>
    public required ShareService Shares { get; init; }

    /// <summary>Kinds of service.</summary>
    public required ServiceKindService ServiceKinds { get; init; }

    /// <summary>Snapshots.</summary>
    public required SnapshotService Snapshots { get; init; }

    /// <summary>Maintenance of units.</summary>
    public required MaintenanceService Maintenance { get; init; }

    /// <summary>Versions of the appliance's image.</summary>
    public required ImageService Images { get; init; }

    /// <summary>Updates of units.</summary>
    public required UpdateService Updates { get; init; }

    /// <summary>CHAP secrets of hosts.</summary>
    public required HostSecretService HostSecrets { get; init; }

    /// <summary>What hosts may ask for by themselves.</summary>
    public required HostQuotaService HostQuotas { get; init; }

    /// <summary>What hosts say of their volumes.</summary>
    public required HostReportService HostReports { get; init; }

    /// <summary>Schedules of snapshots.</summary>
    public required ScheduleService Schedules { get; init; }

    /// <summary>Deleted volumes that can still be had back.</summary>
    public required TrashService Trash { get; init; }

    /// <summary>What placement would do.</summary>
    public required PlacementService Placements { get; init; }

    /// <summary>Projects and quotas.</summary>
    public required ProjectService Projects { get; init; }

    /// <summary>Policies of volumes.</summary>
    public required PolicyService Policies { get; init; }

    /// <summary>What is wrong now.</summary>
    public required AlarmService Alarms { get; init; }

    /// <summary>Mappings.</summary>
    public required MappingService Mappings { get; init; }

    /// <summary>Operations.</summary>
    public required OperationService Operations { get; init; }

    /// <summary>What happened.</summary>
    public required EventLog Events { get; init; }

    /// <summary>Who may call what.</summary>
    public required AccessService Access { get; init; }

    /// <summary>What people post to each other.</summary>
    public required PostService Posts { get; init; }

    /// <summary>Desktops of people.</summary>
    public required DesktopService Desktops { get; init; }

    /// <summary>Signing in and out.</summary>
    public required SessionService Sessions { get; init; }

    /// <summary>People.</summary>
    public required UserService Users { get; init; }

    /// <summary>Moves of legs between units.</summary>
    public required MoveService Moves { get; init; }

    /// <summary>What people do with their own account.</summary>
    public required AccountService Accounts { get; init; }

    /// <summary>Access tokens of machines.</summary>
    public required AccessTokenService AccessTokens { get; init; }

    /// <summary>Who did what.</summary>
    public required AuditService Audit { get; init; }

    /// <summary>How full stores are.</summary>
    public required SpaceWatch Space { get; init; }

    /// <summary>Composes the services.</summary>
    public static StationServices Create(
        IStationStore store,
        IUnitLinks links,
        ICertificateAuthority authority,
        ISecretProtector protector,
        TimeProvider time,
        IStationLog log) => Create(store, links, authority, protector, time, log, around: step => step);

    /// <summary>Composes the services, each kind of step within what <paramref name="around"/> makes of it: for tests that fail or repeat one.</summary>
    internal static StationServices Create(
        IStationStore store,
        IUnitLinks links,
        ICertificateAuthority authority,
        ISecretProtector protector,
        TimeProvider time,
        IStationLog log,
        Func<StepKind, StepKind> around)
    {
        ArgumentNullException.ThrowIfNull(authority);
        Ledger ledger = new(store, time, protector);
        UnitReconcilers reconcilers = new(ledger, links, protector, authority, time, log);
        PoolActivity activity = new(time);
        UnitPresence presence = new(ledger, reconcilers, activity, time);
        Views views = new(presence, reconcilers, links);
        ShareViews shares = new(presence);
        PlacementCandidates candidates = new(views);
        DrainBoard board = new();
        MaintenanceService maintenance = new(ledger, presence);
        OperationCatalog catalog = new(OperationCatalog.AllSteps(new UnitFollowing(reconcilers, presence), presence, board, maintenance).Select(around));
        OperationEngine engine = new(ledger, reconcilers, catalog, time, log);
        SnapshotService snapshots = new(ledger, engine, views, protector);
        SpareRunner spares = new(ledger, presence, views, time);
        MoveService moves = new(ledger, engine, candidates, protector);
        ScheduleRunner schedules = new(ledger, snapshots, presence, time, log);
        return new StationServices(ledger, engine, reconcilers, new AutomaticClaims(ledger, reconcilers, presence, engine, time), schedules, new DrainRunner(ledger, engine, moves, board, time), spares, new LostLegRunner(ledger, engine, moves, presence, time))
        {
            Pool = new PoolService(ledger, views, presence, candidates),
            Plan = new PlanService(ledger, reconcilers, views, spares),
            Orphans = new OrphanService(ledger, reconcilers, authority, views),
            Import = new ImportService(ledger, reconcilers, links, protector, authority),
            Units = new UnitService(ledger, presence, reconcilers, links, views, engine),
            Presence = presence,
            Metrics = new MetricsService(ledger, activity),
            Disks = new DiskService(ledger, reconcilers, engine),
            ClaimRules = new ClaimRuleService(ledger, reconcilers),
            Tokens = new TokenService(ledger, authority.Fingerprint),
            Enrolment = new EnrolmentService(ledger, authority, reconcilers),
            Hosts = new HostService(ledger),
            Volumes = new VolumeService(ledger, engine, views, candidates, protector, reconcilers),
            Shares = new ShareService(ledger, engine, shares, candidates),
            ServiceKinds = new ServiceKindService(ledger),
            Moves = moves,
            Snapshots = snapshots,
            Maintenance = maintenance,
            Images = new ImageService(ledger),
            Updates = new UpdateService(ledger, reconcilers, engine),
            HostSecrets = new HostSecretService(ledger, reconcilers, protector, time),
            HostQuotas = new HostQuotaService(ledger),
            HostReports = new HostReportService(ledger, engine),
            Schedules = new ScheduleService(ledger, schedules),
            Trash = new TrashService(ledger, engine, views, time),
            Placements = new PlacementService(ledger, candidates),
            Projects = new ProjectService(ledger),
            Policies = new PolicyService(ledger),
            Alarms = new AlarmService(ledger),
            Space = new SpaceWatch(ledger, views, shares, time),
            Mappings = new MappingService(ledger, engine, protector),
            Operations = new OperationService(ledger, engine, time),
            Events = new EventLog(ledger, time),
            Access = new AccessService(ledger),
            Posts = new PostService(ledger),
            Desktops = new DesktopService(ledger),
            Sessions = new SessionService(ledger, protector, time),
            Users = new UserService(ledger),
            Accounts = new AccountService(ledger, protector),
            AccessTokens = new AccessTokenService(ledger),
            Audit = new AuditService(ledger, store),
        };
    }

    /// <summary>
    /// Runs operations, unit reconcilers, drains, the trash, the schedules, the spares, the rotation of secrets and the watches of presence and space until cancelled. Services answer without it, but nothing moves. When one
    /// of them fails the others are stopped and the failure is thrown: the stored state is whole, and a fresh start goes on from it.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _ledger.TakeOverAsync(cancellationToken);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] work =
        [
            _reconcilers.RunAsync(ending.Token), _engine.RunAsync(ending.Token), Presence.RunAsync(ending.Token), Trash.RunAsync(ending.Token), Space.RunAsync(ending.Token),
            _schedules.RunAsync(ending.Token), HostSecrets.RunAsync(ending.Token), _claims.RunAsync(ending.Token), _drains.RunAsync(ending.Token),
            Spares.RunAsync(ending.Token), LostLegs.RunAsync(ending.Token),
        ];
        Task first = await Task.WhenAny(work);
        await ending.CancelAsync();
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }
}
