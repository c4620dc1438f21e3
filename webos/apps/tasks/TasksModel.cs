using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.WebOs.Apps.Tasks;

/// <summary>What Tasks shows.</summary>
/// <param name="Page">The tasks, newest first.</param>
/// <param name="Filters">Which ones were asked for.</param>
/// <param name="Caller">Who looks.</param>
/// <param name="Now">The time on the page.</param>
public sealed record TasksModel(OperationPage Page, IReadOnlyDictionary<string, string> Filters, Caller Caller, DateTimeOffset Now)
{
    /// <summary>True while one of them has not ended.</summary>
    public bool AnyRunning => Page.Items.Any(operation => operation.EndedAt is null);
}
