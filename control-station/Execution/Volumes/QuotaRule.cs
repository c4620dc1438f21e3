using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>What a project is promised, of every kind of service, and whether more may be.</summary>
internal static class QuotaRule
{
    /// <summary>Bytes of a project, of every kind of service, and its volumes; those in the trash included: their space is still promised.</summary>
    public static (long PromisedBytes, int Volumes) UsageOf(IStationTransaction transaction, Guid projectId)
    {
        long bytes = ServiceKinds.All.Sum(kind => kind.PromisedBytes(transaction, projectId));
        return (bytes, ServiceKinds.Block.CountIn(transaction, projectId));
    }

    /// <summary>Refuses what the project has no quota for.</summary>
    /// <param name="transaction">The store.</param>
    /// <param name="project">The project.</param>
    /// <param name="moreBytes">Bytes that are to be promised.</param>
    /// <param name="moreVolumes">Volumes that are to be made.</param>
    public static void Require(IStationTransaction transaction, Project project, long moreBytes, int moreVolumes)
    {
        if (project is { QuotaBytes: null, QuotaVolumes: null }) return;
        (long promisedBytes, int volumes) = UsageOf(transaction, project.Id);
        if (project.QuotaBytes is { } bytes && promisedBytes + moreBytes > bytes)
        {
            throw new ProblemException(
                "quota-exceeded",
                $"Project {project.Name} may be promised {SizeText.Of(bytes)}; {SizeText.Of(promisedBytes)} are, and {SizeText.Of(moreBytes)} more are asked.",
                "Remove volumes of the project and empty the trash, or ask a storage-admin for more.");
        }

        if (project.QuotaVolumes is { } count && volumes + moreVolumes > count)
            throw new ProblemException("quota-exceeded", $"Project {project.Name} may have {count} volumes, and has {volumes}.", "Remove volumes of the project and empty the trash, or ask a storage-admin for more.");
    }
}
