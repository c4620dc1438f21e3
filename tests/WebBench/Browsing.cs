using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using VSan.Tests.EndToEnd.WebOs;

namespace VSan.Tests.WebBench;

/// <summary>What somebody at a browser waits for.</summary>
internal sealed class Browsing(WebPerson person, int rounds)
{
    private const int Windows = 20;
    private const int DragSteps = 200;

    /// <summary>Bytes of the desktop when nothing of it is in the browser yet, headers aside.</summary>
    public async Task<Figure> FirstLoadAsync()
    {
        await person.Page.ReloadAsync();
        double bytes = await person.Page.EvaluateAsync<double>("performance.getEntries().filter(entry => 'encodedBodySize' in entry).reduce((sum, entry) => sum + entry.encodedBodySize, 0)");
        return new Figure("first load of the desktop, no font", bytes / 1000, "kB", 40);
    }

    /// <summary>From asking for the desktop until it shows the pool's numbers.</summary>
    public async Task<Figure> DesktopAsync()
    {
        List<double> times = [];
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            await person.Page.GotoAsync("/", new() { WaitUntil = WaitUntilState.Commit });
            await person.Page.Locator("#glance meter").WaitForAsync();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return Figure.Percentile95("desktop with the pool's numbers", times, 1000);
    }

    /// <summary>Each app's content, as a window asks for it.</summary>
    public async Task<IReadOnlyList<Figure>> AppsAsync()
    {
        string[] paths = await person.Page.Locator("#icons a").EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href'))");
        List<Figure> figures = [];
        foreach (string path in paths)
        {
            double[] times = await person.Page.EvaluateAsync<double[]>(
                """
                async ([path, rounds]) => {
                  const times = [];
                  for (let round = 0; round < rounds; round++) {
                    const start = performance.now();
                    await (await fetch(path, { headers: { 'X-Fragment': '1' } })).text();
                    times.push(performance.now() - start);
                  }
                  return times;
                }
                """,
                new object[] { path, rounds });
            figures.Add(Figure.Percentile95($"content of {path}", times, 150));
        }

        return figures;
    }

    /// <summary>From the click on the app until the first row of its list is seen.</summary>
    public async Task<Figure> FirstRowsAsync()
    {
        List<double> times = [];
        for (int round = 0; round < rounds; round++)
        {
            await person.Page.Locator("#start").ClickAsync();
            ILocator link = person.Page.Locator("#start-menu").GetByRole(AriaRole.Link, new() { Name = "Volumes", Exact = true });
            long start = Stopwatch.GetTimestamp();
            await link.ClickAsync();
            await person.Front.Locator("tbody tr").First.WaitForAsync();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await person.Front.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).ClickAsync();
        }

        return Figure.Percentile95("first rows of Volumes, from the click", times, 300);
    }

    /// <summary>Memory of the page with twenty windows: one of each app, and of volumes as many as are missing.</summary>
    public async Task<Figure> WindowsAsync()
    {
        string[] names = await person.Page.Locator("#icons a").EvaluateAllAsync<string[]>("links => links.map(link => link.textContent.trim())");
        foreach (string name in names) await person.OpenAsync(name);
        for (int row = 0; row < Windows - names.Length; row++)
        {
            ILocator volumes = await person.OpenAsync("Volumes");
            await volumes.Locator("tbody th a").Nth(row).ClickAsync();
            await Assertions.Expect(person.Page.Locator(".pane")).ToHaveCountAsync(names.Length + row + 1);
        }

        return new Figure($"largest renderer with {await person.Page.Locator(".pane").CountAsync()} windows, its own memory", Renderers().Max(), "MiB", 300);
    }

    /// <summary>From frame to frame while one of all these windows is dragged.</summary>
    public async Task<Figure> DraggingAsync()
    {
        LocatorBoundingBoxResult title = (await person.Front.Locator(".title").BoundingBoxAsync())!;
        await person.Page.Mouse.MoveAsync(title.X + 20, title.Y + 10);
        await person.Page.Mouse.DownAsync();
        await person.Page.EvaluateAsync("() => { const frames = window.frames95 = []; let last = performance.now(); const tick = now => { frames.push(now - last); last = now; window.ticking = requestAnimationFrame(tick); }; requestAnimationFrame(tick); }");
        for (int step = 1; step <= DragSteps; step++) await person.Page.Mouse.MoveAsync(title.X + 20 + step, title.Y + 10 + (step / 2f));
        double[] frames = await person.Page.EvaluateAsync<double[]>("() => { cancelAnimationFrame(window.ticking); return window.frames95.slice(1); }");
        await person.Page.Mouse.UpAsync();
        return Figure.Percentile95("a frame while a window is dragged", frames, 25);
    }

    // Memory of each renderer of its own, as the browser's task manager counts it: without the program's pages, which all of them share.
    private static IEnumerable<double> Renderers() =>
        from process in Process.GetProcessesByName("chromium")
        where File.ReadAllText($"/proc/{process.Id}/cmdline").Contains("--type=renderer", StringComparison.Ordinal)
        select double.Parse(
            File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) / 1024;
}
