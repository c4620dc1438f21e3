using VSan.Contracts.Api;
using VSan.Station.Domain;
using Policy = VSan.Station.Domain.Policy;
using Project = VSan.Station.Domain.Project;
using Volume = VSan.Station.Domain.Volume;

namespace VSan.Station.Execution;

/// <summary>A request for a volume, checked, with everything that it left open filled in.</summary>
/// <param name="Project">Whose it will be.</param>
/// <param name="Name">Its name, which is free.</param>
/// <param name="BlockSizeBytes">512 or 4096.</param>
/// <param name="Owner">Who asks.</param>
/// <param name="Placement">What is to be placed, with the size rounded as its layout needs.</param>
/// <param name="UnitIds">Among these units; null for all.</param>
/// <param name="Limits">Limits; null for none.</param>
/// <param name="PolicyId">The policy that filled in what was left open; null for none.</param>
internal sealed record VolumeSpecification(
    Project Project,
    string Name,
    int BlockSizeBytes,
    string Owner,
    PlacementRequest Placement,
    IReadOnlyList<Guid>? UnitIds,
    VolumeLimits? Limits,
    Guid? PolicyId)
{
    private const long SizeBytesMax = 1L << 50;

    /// <summary>Checks a request.</summary>
    public static VolumeSpecification Of(IStationTransaction transaction, Caller caller, VolumeCreate request)
    {
        string name = Names.Object(request.Name, "/name");
        RequireSize(request.SizeBytes);
        if (request.BlockSizeBytes is not (null or 512 or 4096)) throw ProblemException.Field("/blockSizeBytes", "must be 512 or 4096.");
        if (request is { UnitId: not null, UnitIds: not null }) throw ProblemException.Field("/unitIds", "cannot be given together with unitId.");
        Policy? policy = PolicyOf(transaction, request.Policy);
        VolumeLayout layout = request.Layout is { } text ? LayoutOf(text, "/layout") : policy?.Layout ?? VolumeLayout.Single;
        Project project = transaction.Project(request.Project, "/project");
        PlacementRequest placement = new(layout, layout.RoundUp(request.SizeBytes), request.Thin ?? policy?.Thin ?? true)
        {
            Domain = policy?.Domain ?? Domain.FailureDomain.Unit,
            Media = policy?.Media,
            OvercommitRatio = policy?.OvercommitRatio ?? 1,
        };
        return new VolumeSpecification(
            project, name, request.BlockSizeBytes ?? 512, caller.Name, placement,
            request.UnitId is { } unitId ? [unitId] : request.UnitIds, LimitRule.Of(request.Limits, "/limits") ?? policy?.Limits,
            policy?.Id);
    }

    /// <summary>The volume that is to be made.</summary>
    public Volume ToVolume(Guid id, DateTimeOffset now) => new(
        id, Project.Id, Name, Placement.Layout, Placement.SizeBytes, BlockSizeBytes, Placement.Thin, Owner, Domain.VolumeState.Creating, now)
    {
        Limits = Limits,
        PolicyId = PolicyId,
    };

    /// <summary>Refuses a size that no volume can have.</summary>
    public static void RequireSize(long sizeBytes)
    {
        if (sizeBytes is < Domain.Placement.GranuleBytes or > SizeBytesMax || sizeBytes % Domain.Placement.GranuleBytes != 0)
            throw ProblemException.Field("/sizeBytes", "must be 1 MiB to 1 PiB, a multiple of 1 MiB.");
    }

    /// <summary>Refuses what the project has no quota for.</summary>
    public void RequireQuota(IStationTransaction transaction) =>
        QuotaRule.Require(transaction, Project, Placement.Layout.PromisedBytes(Placement.SizeBytes), moreVolumes: 1);

    /// <summary>Refuses a name that the project has already.</summary>
    public static void RequireFree(IStationTransaction transaction, Guid projectId, string name)
    {
        if (transaction.Table<Volume>().Where(Lookups.VolumeKey, $"{projectId}/{name}") is not [])
            throw new ProblemException("name-taken", $"There is a volume {name} already.");
    }

    /// <summary>Reads a layout.</summary>
    public static VolumeLayout LayoutOf(string text, string pointer) => VolumeLayout.Parse(text)
        ?? throw ProblemException.Field(pointer, $"must be single, mirror-2, mirror-3, stripe-2 to stripe-{VolumeLayout.StripeWidthMax}, or concat.");

    private static Policy? PolicyOf(IStationTransaction transaction, string? name) => name is null ? null
        : transaction.Table<Policy>().Where(Lookups.PolicyName, name) is [Policy policy] ? policy
        : throw ProblemException.Field("/policy", "names no policy.");
}
