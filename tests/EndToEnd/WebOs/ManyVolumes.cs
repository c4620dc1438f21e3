namespace VSan.Tests.EndToEnd.WebOs;

/// <summary>Makes a pool large: its memory is filled while the station is away.</summary>
internal static class ManyVolumes
{
    /// <summary>Adds copies of one volume that was made as volumes are, without legs: the list shows them, and no unit hears of them.</summary>
    public static async Task FillAsync(Harness.TestPool pool, int volumes)
    {
        await pool.CreateVolumeAsync("the-seed", await pool.AddHostAsync("seeder"));
        await pool.Station.Process.KillAsync();
        (await ToolRun.RunAsync("sqlite3", [Path.Combine(pool.Station.State, "station.db"), $"""
            INSERT INTO volume (id, generation, project_id, name, layout, size_bytes, block_size_bytes, thin, owner, state, created_at)
            WITH RECURSIVE numbers (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < {volumes - 1})
            SELECT printf('01900000-0000-7000-8000-%012x', i), 1, project_id, printf('many-%05d', i), layout, size_bytes + i * 1048576, block_size_bytes, thin, owner, state, created_at + i
            FROM numbers, volume WHERE name = 'the-seed'
            """])).Succeeded();
        await pool.Station.StartAgainAsync();
        await pool.AllReadyAsync();
    }
}
