using VSan.Contracts.Api;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Tasks;

/// <summary>What Tasks shows.</summary>
/// <param name="Page">The tasks, newest first.</param>
/// <param name="Rights">Which controls the person is shown.</param>
/// <param name="Problem">Why the last action was refused, or null.</param>
/// <param name="Now">The time on the page.</param>
public sealed record TasksModel(OperationPage Page, Rights Rights, Problem? Problem, DateTimeOffset Now)
{
    /// <summary>True while one of them has not ended.</summary>
    public bool AnyRunning => Page.Items.Any(operation => operation.EndedAt is null);
}
