// Without this script the page reads as it does; with it, it can be shown section by section.
(function(){
var root=document.documentElement,main=document.getElementById('inhoud'),
tools=document.querySelector('.page-tools'),bar=document.querySelector('.present-bar');
if(!main||!tools)return;
function on(name,act){document.querySelectorAll('[data-do="'+name+'"]').forEach(function(one){
one.addEventListener('click',act);});}
function paper(a3){root.classList.toggle('a3',a3);window.print();}
on('a4',function(){paper(false);});
on('a3',function(){paper(true);});
tools.hidden=false;
root.classList.toggle('a3',location.hash==='#a3');
if(!bar)return;
var slides=gather(),at=-1,from=null,count=bar.querySelector('.present-count');

// A heading with a line or two goes along with the figure below it as its first line;
// a longer text has a screen of its own.
function gather(){
var found=[],heading=null;
Array.prototype.forEach.call(main.children,function(one){
if(!one.matches('section.text')){found.push(heading?[heading,one]:[one]);return;}
var next=one.nextElementSibling,short=one.querySelectorAll('p').length<2&&
!one.querySelector('h1,ul,ol,blockquote,table');
if(one.querySelector('h2'))heading=null;
if(short&&next&&!next.matches('section.text')){if(one.querySelector('h2'))heading=one;return;}
found.push([one]);
});
return found;
}
function scale(svg){
var box=svg.getBoundingClientRect(),own=svg.viewBox.baseVal;
return Math.min(box.width/own.width,box.height/own.height);
}
// The words above the picture or beside it: whichever leaves the picture larger.
function fit(){
var figure=main.querySelector('figure.on'),svg=figure&&figure.querySelector('.picture svg');
if(!svg)return;
figure.classList.remove('beside');
if(root.classList.contains('larger'))return;
var above=scale(svg);
figure.classList.add('beside');
if(scale(svg)<1.05*above||figure.scrollHeight>figure.clientHeight+1)figure.classList.remove('beside');
}
function address(hash){
try{history.replaceState(null,'',hash||location.pathname+location.search);}catch(refused){return;}
}
function show(number){
at=Math.max(0,Math.min(slides.length-1,number));
main.querySelectorAll('.on').forEach(function(one){one.classList.remove('on','kicker','beside');});
slides[at].forEach(function(one,place){
one.classList.add('on');
if(place<slides[at].length-1)one.classList.add('kicker');
});
root.classList.remove('explained','larger');
fit();
main.scrollTop=0;
count.textContent=(at+1)+' van '+slides.length;
var shown=slides[at][slides[at].length-1];
shown.tabIndex=-1;
shown.focus({preventScroll:true});
address('#presenteren-'+(at+1));
}
function nearest(){
var found=0;
slides.forEach(function(slide,number){
if(slide[0].getBoundingClientRect().top<window.innerHeight/2)found=number;});
return found;
}
function begin(number){
from=document.activeElement;
var first=number===undefined?nearest():number;
root.classList.add('presenting');
if(root.requestFullscreen)root.requestFullscreen().catch(function(){});
show(first);
}
function end(){
if(!presenting())return;
var last=slides[at][slides[at].length-1];
root.classList.remove('presenting','explained','larger');
main.querySelectorAll('.on').forEach(function(one){one.classList.remove('on','kicker','beside');});
if(document.fullscreenElement)document.exitFullscreen().catch(function(){});
address('');
last.scrollIntoView({block:'start'});
(from&&from.matches&&from.matches('button')?from:last).focus({preventScroll:true});
}
function explain(){root.classList.remove('larger');root.classList.toggle('explained');fit();}
// The picture alone, source and all: its letters grow with it.
function enlarge(){root.classList.remove('explained');root.classList.toggle('larger');fit();}
function presenting(){return root.classList.contains('presenting');}
var steps={ArrowRight:1,ArrowDown:1,PageDown:1,' ':1,ArrowLeft:-1,ArrowUp:-1,PageUp:-1};
document.addEventListener('keydown',function(event){
if(event.ctrlKey||event.altKey||event.metaKey||event.defaultPrevented)return;
var where=event.target.closest?event.target:root,key=event.key;
if(where.closest('input,select,textarea,[contenteditable]'))return;
if(key==='p'||key==='P'){if(presenting())end();else begin();}
else if(!presenting())return;
else if(key==='Escape')end();
else if(key==='Home')show(0);
else if(key==='End')show(slides.length-1);
else if(key==='u'||key==='U')explain();
else if(key==='g'||key==='G')enlarge();
else if(steps[key]){
// A long table is read with the arrows, and a button is pressed with the space bar.
if(where.closest('.table-wrap')&&/^Arrow(Up|Down)$/.test(key))return;
if(where.closest('button,a')&&key===' ')return;
show(at+steps[key]);
}else return;
event.preventDefault();
});
on('present',function(){begin();});
on('back',function(){show(at-1);});
on('next',function(){show(at+1);});
on('explain',explain);
on('larger',enlarge);
on('stop',end);
window.addEventListener('resize',function(){if(presenting())fit();});
var full=false;
document.addEventListener('fullscreenchange',function(){
if(full&&!document.fullscreenElement)end();
full=Boolean(document.fullscreenElement);
});
var asked=location.hash.match(/^#presenteren(?:-(\d+))?$/);
if(asked)begin(asked[1]?asked[1]-1:0);
})();
