using System.Globalization;
using System.Text;
using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary>
/// <c>/metrics</c>: the pool in numbers, as Prometheus reads them (text format 0.0.4). Numbers only, no names and no secrets; it needs a
/// caller all the same, for example an access token of a viewer.
/// </summary>
internal sealed class MetricsEndpoint(PoolService pool, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", GetAsync).Needs("metrics.read");

    private async Task GetAsync(HttpContext context)
    {
        Pool now = await pool.GetAsync(context.Caller, context.RequestAborted);
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.WriteAsync(Text(now), context.RequestAborted);
    }

    private string Text(Pool now)
    {
        StringBuilder text = new();
        Add(text, "vsan_pool_capacity_bytes", "Capacity of all stores of all admitted units.", now.CapacityBytes);
        Add(text, "vsan_pool_free_bytes", "What the stores can still take.", now.FreeBytes);
        Add(text, "vsan_pool_promised_bytes", "What volumes were promised.", now.PromisedBytes);
        Add(text, "vsan_pool_placeable_bytes", "The largest volume that would be placed now.", now.PlaceableBytes);
        Add(text, "vsan_units", "Admitted units.", now.Units);
        Add(text, "vsan_units_ready", "Units that serve.", now.UnitsReady);
        Add(text, "vsan_units_pending", "Units that wait for approval.", now.UnitsPending);
        Add(text, "vsan_volumes", "Volumes.", now.Volumes);
        Add(text, "vsan_operations_running", "Operations that have not ended.", now.OperationsRunning);
        foreach (PoolHealth health in Enum.GetValues<PoolHealth>())
            Add(text, $"vsan_pool_health_{health.ToString().ToLowerInvariant()}", "1 while the pool is in this state.", now.Health == health ? 1 : 0);
        Add(text, "vsan_station_uptime_seconds", "Since the station started.", (long)time.GetElapsedTime(_start).TotalSeconds);
        Add(text, "vsan_station_memory_bytes", "Resident memory of the station.", Environment.WorkingSet);
        return text.ToString();
    }

    private static void Add(StringBuilder text, string name, string help, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
}
