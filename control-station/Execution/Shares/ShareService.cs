using VSan.Contracts.Api;
using VSan.Station.Domain;
using Operation = VSan.Contracts.Api.Operation;
using Share = VSan.Contracts.Api.Share;
using ShareState = VSan.Station.Domain.ShareState;

namespace VSan.Station.Execution;

/// <summary>Shares: requested, allocated, bound, released and given back.</summary>
public sealed class ShareService
{
    private readonly Ledger _ledger;
    private readonly OperationEngine _engine;
    private readonly ShareViews _views;
    private readonly PlacementCandidates _candidates;

    internal ShareService(Ledger ledger, OperationEngine engine, ShareViews views, PlacementCandidates candidates)
    {
        _ledger = ledger;
        _engine = engine;
        _views = views;
        _candidates = candidates;
    }

    /// <summary>One page of shares.</summary>
    public Task<SharePage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                (IReadOnlyList<Share> items, string? next) = transaction.List(caller, "share.read", query, Lookups.ShareName, share => _views.Of(transaction, share), ListFilters.Shares);
                return new SharePage(items, next);
            },
            cancellationToken);
    }

    /// <summary>One by identity.</summary>
    public Task<Share> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(caller, "share.read", $"share/{id}", transaction => _views.Of(transaction, transaction.Require<Domain.Share>(id, "share")), cancellationToken);
    }

    /// <summary>Says what placement would do with a share, and why; reserves nothing.</summary>
    public Task<PlacementExplanation> ExplainAsync(Caller caller, ShareCreate request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _ledger.ReadAsync(
            caller,
            "placement.explain",
            SubjectOf(request),
            transaction =>
            {
                VolumeSpecification.RequireSize(request.SizeBytes);
                PlacementRequest wanted = Wanted(request);
                PlacementDecision decision = Placement.Decide(Candidates(transaction, request), wanted);
                return PlacementService.View(wanted, decision, decision.IsPlaced ? null : PlacementCandidates.Refusal(wanted, decision).Message);
            },
            cancellationToken);
    }

    /// <summary>Reserves a share and starts the operation that makes it.</summary>
    public async Task<ShareAccepted> CreateAsync(Caller caller, ShareCreate request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Domain.Operation? started = null;
        ShareAccepted accepted = await _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.ShareCreate),
            "share.create",
            SubjectOf(request),
            (transaction, now) =>
            {
                (Domain.Share share, started) = Start(transaction, now, caller, request);
                return new ShareAccepted(_views.Of(transaction, share), OperationViews.Of(started));
            },
            cancellationToken);
        if (started is not null) _engine.Nudge(started);
        return accepted;
    }

    /// <summary>Starts the operation that lets a host or a user in. The password is in the answer and nowhere else.</summary>
    public async Task<ShareBound> BindAsync(Caller caller, Guid id, ShareBind request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Domain.Operation? started = null;
        ShareBound bound = await _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.ShareBind),
            "share.bind",
            $"share/{id}",
            (transaction, now) => Bind(transaction, now, caller, id, request, out started),
            cancellationToken);
        if (started is not null) _engine.Nudge(started);
        return bound;
    }

    /// <summary>Starts the operation that takes a share from who was let in. Asking again gives the operation that does it already.</summary>
    public async Task<Operation> ReleaseAsync(Caller caller, Guid id, ShareRelease request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Domain.Operation operation = await _ledger.MutateAsync(caller, "share.release", $"share/{id}", (transaction, now) => Release(transaction, now, caller, id, request.BindingId), cancellationToken);
        _engine.Nudge(operation);
        return OperationViews.Of(operation);
    }

    /// <summary>Starts the operation that removes a share with its files. Asking again gives the operation that does it already.</summary>
    public async Task<Operation> DeleteAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        Domain.Operation operation = await _ledger.MutateAsync(caller, "share.delete", $"share/{id}", (transaction, now) => Remove(transaction, now, caller, id), cancellationToken);
        _engine.Nudge(operation);
        return OperationViews.Of(operation);
    }

    private (Domain.Share Share, Domain.Operation Operation) Start(IStationTransaction transaction, DateTimeOffset now, Caller caller, ShareCreate request)
    {
        string name = Names.Object(request.Name, "/name");
        VolumeSpecification.RequireSize(request.SizeBytes);
        Domain.Project project = transaction.Project(request.Project, "/project");
        if (transaction.Table<Domain.Share>().Where(Lookups.ShareKey, $"{project.Id}/{name}") is not []) throw new ProblemException("name-taken", $"There is a share {name} already.");
        QuotaRule.Require(transaction, project, request.SizeBytes, moreVolumes: 0);
        PlacementCandidate place = PlacementCandidates.Require(Wanted(request), Candidates(transaction, request))[0].Candidate;
        Domain.Share share = SharePlan.Reserve(transaction, place.Store, new Domain.Share(
            transaction.NewId(now), project.Id, name, request.SizeBytes, place.Unit.Id, place.Store.Id, FreePort(transaction, place.Unit) ?? 0, caller.Name, ShareState.Creating, now));
        return (share, _engine.Start(transaction, now, caller, ShareRecipes.Make(share, place.Unit)));
    }

    private static string SubjectOf(ShareCreate request) => $"project/{request.Project ?? Domain.Project.Default.Name}/share/{request.Name}";

    // The pool's own placement: a share is one leg that takes space as it is written.
    private static PlacementRequest Wanted(ShareCreate request) => new(VolumeLayout.Single, request.SizeBytes, Thin: true);

    private IReadOnlyList<PlacementCandidate> Candidates(IStationTransaction transaction, ShareCreate request)
    {
        IReadOnlyDictionary<string, string> labels = Labels.Check(request.Labels, "/labels");
        return
        [
            .. _candidates.All(transaction, request.UnitId is { } unitId ? [unitId] : null)
                .Select(candidate => candidate with { Rejection = candidate.Rejection ?? Obstacle(transaction, candidate.Unit, labels) }),
        ];
    }

    private static string? Obstacle(IStationTransaction transaction, Domain.Unit unit, IReadOnlyDictionary<string, string> labels)
    {
        if (labels.Any(label => unit.Label(label.Key) != label.Value)) return $"{unit.Name} lacks the labels";
        if (ServiceKinds.File.OfferOf(unit).Reason is { } reason) return reason;
        return FreePort(transaction, unit) is null ? $"{unit.Name} serves as many shares as it has ports" : null;
    }

    private static int? FreePort(IStationTransaction transaction, Domain.Unit unit) =>
        ServiceKinds.File.OfferOf(unit).FreePort([.. transaction.Table<Domain.Share>().Where(Lookups.ShareUnit, unit.Id.ToString()).Select(share => share.Port)]);

    private ShareBound Bind(IStationTransaction transaction, DateTimeOffset now, Caller caller, Guid id, ShareBind request, out Domain.Operation started)
    {
        Domain.Share share = transaction.Require<Domain.Share>(id, "share");
        if ((request.HostId is null) == (request.User is null)) throw ProblemException.Field("/hostId", "must be given, or user, and not both.");
        Domain.Host? host = request.HostId is not { } hostId ? null : transaction.Table<Domain.Host>().Find(hostId) ?? throw ProblemException.Field("/hostId", "names no host.");
        string holder = host?.Name ?? Names.Object(request.User, "/user");
        if (share is not { State: ShareState.Ready, Certificate: { } certificate }) throw Busy(share);
        _engine.RequireInStep(transaction, share.UnitId);
        (Domain.ShareBinding binding, string password) = SharePlan.NewBinding(transaction, now, share, host?.Id, holder);
        started = _engine.Start(transaction, now, caller, ShareRecipes.Bind(share, transaction.Require<Domain.Unit>(share.UnitId, "unit"), binding));
        return new ShareBound(ShareViews.Of(binding), SharePlan.UrlOf(transaction, share), binding.UserName, password, certificate, OperationViews.Of(started));
    }

    private Domain.Operation Release(IStationTransaction transaction, DateTimeOffset now, Caller caller, Guid id, Guid bindingId)
    {
        Domain.Share share = transaction.Require<Domain.Share>(id, "share");
        Domain.ShareBinding binding = transaction.Table<Domain.ShareBinding>().Find(bindingId) is { } found && found.ShareId == id ? found : throw ProblemException.NotFound("binding", bindingId);
        if (transaction.RunningOn(bindingId, OperationCatalog.ShareRelease) is { } running) return running;
        if (transaction.RunningOn(bindingId, OperationCatalog.ShareBind) is not null) throw Busy(share);
        _engine.RequireInStep(transaction, share.UnitId);
        return _engine.Start(transaction, now, caller, ShareRecipes.Release(share, transaction.Require<Domain.Unit>(share.UnitId, "unit"), binding));
    }

    private Domain.Operation Remove(IStationTransaction transaction, DateTimeOffset now, Caller caller, Guid id)
    {
        Domain.Share share = transaction.Require<Domain.Share>(id, "share");
        if (transaction.RunningOn(id, OperationCatalog.ShareDelete) is { } running) return running;
        if (transaction.RunningOn(id, OperationCatalog.ShareCreate) is not null) throw Busy(share);
        RequireUnbound(transaction, share);
        _engine.RequireInStep(transaction, share.UnitId);
        return _engine.Start(transaction, now, caller, ShareRecipes.Remove(share, transaction.Require<Domain.Unit>(share.UnitId, "unit")));
    }

    private static void RequireUnbound(IStationTransaction transaction, Domain.Share share)
    {
        IReadOnlyList<Domain.ShareBinding> bindings = SharePlan.BindingsOf(transaction, share.Id);
        if (bindings.Count > 0)
            throw new ProblemException("share-bound", $"{share.Name} lets {string.Join(", ", bindings.Select(binding => binding.Holder).Take(5))} in.", "Release it from them first.");
    }

    private static ProblemException Busy(Domain.Share share) => new("share-busy", $"{share.Name} is being made, changed or removed.", "Wait for its operation to end.");
}
