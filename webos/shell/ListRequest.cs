using Microsoft.AspNetCore.Http;
using VSan.Station.Execution;

namespace VSan.WebOs.Shell;

/// <summary>Which part of a list an address asks for.</summary>
internal static class ListRequest
{
    /// <summary>Reads <c>?name=</c>, <c>?cursor=</c> and typed filters; an empty field of the filter form is no filter.</summary>
    public static ListQuery Read(HttpRequest request, params string[] filters) => new(Cursor: Text(request, "cursor"), Name: Text(request, "name"))
    {
        Filters = filters.Where(filter => Text(request, filter) is not null).ToDictionary(filter => filter, filter => Text(request, filter)!),
    };

    /// <summary>One field of the address; null when it is empty.</summary>
    public static string? Text(HttpRequest request, string name) => request.Query[name].ToString().Trim() is { Length: > 0 } text ? text : null;

    /// <summary>The id in the address; whatever is none belongs to no object.</summary>
    public static Guid Id(HttpContext context) =>
        Guid.TryParse(context.Request.RouteValues["id"] as string, out Guid id)
            ? id
            : throw new ProblemException("not-found", "The address names no object.", "Go back to the list and choose again.");
}
