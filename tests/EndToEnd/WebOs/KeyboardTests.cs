using Microsoft.Playwright;
using VSan.Contracts.Api;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace VSan.Tests.EndToEnd.WebOs;

/// <summary>The web OS for who has no pointer (design 4.4, 4).</summary>
[Collection(WebOsCollection.Name)]
public sealed class KeyboardTests(Chromium chromium)
{
    [Fact]
    public async Task Keyboard_Alone_FromSigningInToSigningOut()
    {
        await chromium.Pool.CreateVolumeAsync("stays-put", await chromium.Pool.AddHostAsync("of-the-keyboard"), on: chromium.Pool.Units[0]);
        UserPassword user = await chromium.NewUserAsync(Role.Admin);
        await using WebPerson person = await chromium.OpenAsync();
        IKeyboard keyboard = person.Page.Keyboard;
        await person.Page.GotoAsync("/");
        await person.TabToAsync(person.Page.GetByLabel("User name"));
        await keyboard.TypeAsync(user.User.Name);
        await person.TabToAsync(person.Page.GetByLabel("Password"));
        await keyboard.TypeAsync(user.Password!);
        await keyboard.PressAsync("Enter");
        await person.Page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/");

        // Two tasks: a volume, and a drain that waits for a host.
        await OpenAsync(person, "Volumes");
        await person.TabToAsync(person.Front.Locator("details.create summary"));
        if (await person.Front.Locator("details.create").GetAttributeAsync("open") is null) await keyboard.PressAsync("Enter");
        await person.TabToAsync(person.Front.Locator("details.create").GetByLabel("Name", new() { Exact = true }));
        await keyboard.TypeAsync("by-keyboard");
        await person.TabToAsync(person.Front.Locator("details.create").GetByLabel("Size", new() { Exact = true }));
        await keyboard.TypeAsync("1");
        await keyboard.PressAsync("Enter");
        await Expect(person.Front.Locator(".title")).ToHaveTextAsync("Tasks");
        string unitName = chromium.Pool.Units[0].Name;
        await OpenAsync(person, unitName);
        await person.TabToAsync(person.Front.GetByRole(AriaRole.Link, new() { Name = unitName, Exact = true }).First);
        await keyboard.PressAsync("Enter");
        await person.TabToAsync(person.Front.GetByRole(AriaRole.Button, new() { Name = $"Drain {unitName}" }));
        await keyboard.PressAsync("Enter");
        await Expect(person.Front).ToContainTextAsync("Draining");

        // One is cancelled.
        await OpenAsync(person, "Tasks");
        await person.TabToAsync(person.Front.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).First);
        await keyboard.PressAsync("Enter");
        await Expect(person.Front.Locator("article", new() { HasText = "Drain" }).First).ToContainTextAsync("Cancelled", new() { Timeout = 60_000 });
        await chromium.Pool.AllReadyAsync();

        // The list is filtered, a dialog is opened and left.
        await OpenAsync(person, "Volumes");
        await person.TabToAsync(person.Front.GetByRole(AriaRole.Search).GetByLabel("Name"));
        await keyboard.TypeAsync("by-keyb");
        await keyboard.PressAsync("Enter");
        await Expect(person.Front.Locator("tbody tr")).ToHaveCountAsync(1);
        await keyboard.PressAsync("Control+k");
        await keyboard.PressAsync("Escape");
        await Expect(person.Page.Locator("#palette")).ToBeHiddenAsync();
        await Expect(person.Front).ToBeVisibleAsync();
        Assert.True(await person.Page.EvaluateAsync<bool>("document.activeElement.checkVisibility()"), "The focus is on something that is shown.");

        await person.TabToAsync(person.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }));
        await keyboard.PressAsync("Enter");
        await Expect(person.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/sign-in"));
        person.AssertQuiet();
    }

    private static async Task OpenAsync(WebPerson person, string what)
    {
        await person.Page.Keyboard.PressAsync("Control+k");
        await person.Page.Keyboard.TypeAsync(what);
        await Expect(person.Page.Locator("#palette [aria-selected=true]")).ToContainTextAsync(what);
        await person.Page.Keyboard.PressAsync("Enter");
        await Expect(person.Page.Locator("#palette")).ToBeHiddenAsync();
    }
}
