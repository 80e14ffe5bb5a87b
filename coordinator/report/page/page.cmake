# SPDX-License-Identifier: MIT
#
# Joins the page of `mlpsweep report` at build time:
#
#     cmake -D FOLDER=… -D SCRIPTS="a.js b.js" -D D3=… -D LICENCE=… -D HEAD=… -D TAIL=… -P page.cmake
#
# FOLDER has page.html, page.css and the scripts; HEAD gets what stands before the document, TAIL
# what stands behind it.
cmake_minimum_required(VERSION 3.25)

function(fill place text)
  string(FIND "${page}" "${place}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "page.html has no ${place}")
  endif()
  string(SUBSTRING "${page}" 0 ${at} before)
  string(LENGTH "${place}" length)
  math(EXPR at "${at} + ${length}")
  string(SUBSTRING "${page}" ${at} -1 after)
  set(page "${before}${text}${after}" PARENT_SCOPE)
endfunction()

file(READ ${FOLDER}/page.html page)
file(READ ${FOLDER}/page.css style)
file(READ ${D3} d3)
file(READ ${LICENCE} licence)
string(REPLACE "*/" "* /" licence "${licence}")
separate_arguments(SCRIPTS UNIX_COMMAND "${SCRIPTS}")
set(script "")
foreach(name IN LISTS SCRIPTS)
  file(READ ${FOLDER}/${name} text)
  string(APPEND script "${text}\n")
endforeach()
fill("@STYLE@" "${style}")
fill("@LICENCE@" "${licence}")
fill("@D3@" "${d3}")
fill("@SCRIPT@" "${script}")
string(FIND "${page}" "@DATA@" at)
string(SUBSTRING "${page}" 0 ${at} head)
math(EXPR at "${at} + 6")
string(SUBSTRING "${page}" ${at} -1 tail)
file(WRITE ${HEAD} "${head}")
file(WRITE ${TAIL} "${tail}")
